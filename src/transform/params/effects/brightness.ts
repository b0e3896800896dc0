import { amount } from './effect.ts';

export const brightness = amount({
  name: 'brightness',
  meaning: 'Adds so many percent of white to every channel, or takes them away.',
  least: -100,
  most: 100,
  idle: 0,
});
