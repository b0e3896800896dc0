import { plain } from './effect.ts';

export const negate = plain('negate', 'Every channel turned to its opposite.');
