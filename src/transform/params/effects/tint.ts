import { amount } from './effect.ts';

export const tint = amount({
  name: 'tint',
  meaning: 'Gives the middle tones the colour `co` (red without one), so many percent; black and white stay.',
  least: 0,
  most: 100,
  fallback: 60,
  idle: 0,
  takesColour: true,
});
