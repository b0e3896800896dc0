import { amount } from './effect.ts';

export const saturation = amount({
  name: 'saturation',
  meaning: 'Stronger or weaker colours of the same luma: -100 is grey, 100 doubles.',
  least: -100,
  most: 100,
  idle: 0,
});
