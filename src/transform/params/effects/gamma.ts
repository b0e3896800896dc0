import { amount } from './effect.ts';

export const gamma = amount({
  name: 'gamma',
  meaning: 'Raises every channel to the power 1 / (1 + level / 100): above 0 the middle becomes lighter.',
  least: -50,
  most: 150,
  idle: 0,
});
