import { readInteger } from '../param.ts';
import type { EffectKind } from './effect.ts';

/** Into how many tiles the picture is divided. */
export interface Tiles {
  readonly across: number;
  readonly down: number;
}

export const clahe: EffectKind<Tiles, string> = {
  name: 'clahe',
  meaning: 'Evens out the lightness in each of so many tiles across and down, without drawing out noise.',
  values: 'two integers from 2 to 64 with a colon between them',
  fallback: '8:8',
  samples: ['clahe', 'clahe:8:8', 'clahe:2:2', 'clahe:64:3'],
  wrong: ['clahe:8', 'clahe:1:8', 'clahe:8:65', 'clahe:8:8:8', 'clahe:', 'clahe::'],
  control: { kind: 'text', choices: ['2:2', '8:8', '16:16'] },
  takesColour: false,
  parse(text) {
    if (text === null) return { across: 8, down: 8 };
    const [across = null, down = null, ...rest] = text.split(':').map((part) => readInteger(part, 2, 64));
    return across === null || down === null || rest.length > 0 ? null : { across, down };
  },
  print: ({ across, down }) => (across === 8 && down === 8 ? null : `${across}:${down}`),
  isIdle: () => false,
};
