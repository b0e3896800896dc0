import { plain } from './effect.ts';

export const grayscale = plain('grayscale', 'Greys of the same lightness.');
