import { amount } from './effect.ts';

export const unsharpMask = amount({
  name: 'unsharp_mask',
  meaning: 'Adds so many percent of what a Gaussian of 1 px would take away.',
  least: 1,
  most: 2000,
  fallback: 100,
});
