import { type Colour, colourValues, printColour, readColour } from '../colour.ts';
import type { EffectKind } from './effect.ts';

export interface DuotoneColours {
  readonly dark: Colour;
  readonly light: Colour;
}

/** `rgb:` has a colon of its own, so it belongs to the part behind it. */
function readColours(text: string): readonly (Colour | null)[] {
  return text
    .replaceAll('rgb:', 'rgb=')
    .split(':')
    .map((part) => readColour(part.replace('rgb=', 'rgb:')));
}

export const duotone: EffectKind<DuotoneColours, null> = {
  name: 'duotone',
  meaning: 'Black becomes the first colour, white the second, and what lies between by its lightness.',
  values: `two opaque colours with a colon between them, each ${colourValues}`,
  fallback: null,
  samples: ['duotone:navy:gold', 'duotone:000:fff', 'duotone:rgb:102030:ffeedd', 'duotone:112233:rgb:ffeeddff'],
  wrong: ['duotone', 'duotone:', 'duotone:navy', 'duotone:navy:gold:red', 'duotone:navy:fff8', 'duotone:x:y'],
  control: { kind: 'text', choices: ['navy:gold', '000:fff', 'indigo:pink'] },
  takesColour: false,
  parse(text) {
    const [dark = null, light = null, ...rest] = text === null ? [] : readColours(text);
    if (dark === null || light === null || rest.length > 0) return null;
    return dark.alpha === 255 && light.alpha === 255 ? { dark, light } : null;
  },
  print: ({ dark, light }) => `${printColour(dark)}:${printColour(light)}`,
  isIdle: () => false,
};
