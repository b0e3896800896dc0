import { amount } from './effect.ts';

export const blur = amount({
  name: 'blur',
  meaning: 'Blurs with a Gaussian of (strength + 25) / 50 pixels: 100 is 2.5 px, 475 is 10 px.',
  least: 1,
  most: 2000,
  fallback: 100,
});
