import { amount } from './effect.ts';

export const pixelate = amount({
  name: 'pixelate',
  meaning: 'Squares of so many pixels, from the top left, each in its mean colour.',
  least: 2,
  most: 200,
  fallback: 5,
});
