import { amount } from './effect.ts';

export const contrast = amount({
  name: 'contrast',
  meaning: 'Spreads the channels about the middle, or draws them together: -100 is grey.',
  least: -100,
  most: 100,
  idle: 0,
});
