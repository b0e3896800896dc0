import { plain } from './effect.ts';

export const normalize = plain(
  'normalize',
  'Spreads the lightness so that the darkest hundredth becomes black and the lightest white.',
);
