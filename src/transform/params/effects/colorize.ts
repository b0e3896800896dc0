import { amount } from './effect.ts';

export const colorize = amount({
  name: 'colorize',
  meaning: 'Mixes every pixel with the colour `co` (grey without one), so many percent of it.',
  least: 0,
  most: 100,
  fallback: 100,
  idle: 0,
  takesColour: true,
});
