import { amount } from './effect.ts';

export const threshold = amount({
  name: 'threshold',
  meaning: 'White where the lightness is at least this, black elsewhere.',
  least: 0,
  most: 255,
  fallback: 128,
});
