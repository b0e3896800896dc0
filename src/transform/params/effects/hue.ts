import { amount } from './effect.ts';

export const hue = amount({
  name: 'hue',
  meaning: 'Turns every hue by 1.8 degrees a step: 100 is half the circle.',
  least: -100,
  most: 100,
  idle: 0,
});
