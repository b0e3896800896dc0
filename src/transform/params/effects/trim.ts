import { amount } from './effect.ts';

export const trim = amount({
  name: 'trim',
  meaning: 'Cuts off an edge that has the colour of the top left corner, give or take so much.',
  least: 0,
  most: 100,
  fallback: 10,
});
