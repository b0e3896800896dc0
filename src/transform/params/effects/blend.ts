import { plain } from './effect.ts';

/** How a layer mixes with what lies beneath (W3C Compositing and Blending Level 1, clause 10.1); without one it covers it. */
export const multiply = plain('multiply', 'A layer darkens what lies beneath: `Cb · Cs`.');
export const screen = plain('screen', 'A layer lightens what lies beneath: `Cb + Cs − Cb · Cs`.');
export const overlay = plain('overlay', 'A layer darkens what is dark beneath it and lightens what is light.');
export const darken = plain('darken', 'Of a layer and what lies beneath, the darker, channel by channel.');
export const lighten = plain('lighten', 'Of a layer and what lies beneath, the lighter, channel by channel.');
