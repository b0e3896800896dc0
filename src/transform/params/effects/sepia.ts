import { amount } from './effect.ts';

export const sepia = amount({
  name: 'sepia',
  meaning: 'The brown of old prints, so many percent of it.',
  least: 1,
  most: 100,
  fallback: 80,
});
