import { amount } from './effect.ts';

export const sharpen = amount({
  name: 'sharpen',
  meaning: 'Sharpens the lightness of edges, little where the picture is flat.',
  least: 1,
  most: 2000,
  fallback: 100,
});
