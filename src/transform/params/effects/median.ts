import { readInteger } from '../param.ts';
import type { EffectKind } from './effect.ts';

const sides: readonly number[] = [3, 5, 7, 9];

export const median: EffectKind<number, string> = {
  name: 'median',
  meaning: 'Each channel becomes the median of a square of so many pixels: specks go, edges stay.',
  values: `one of ${sides.join(', ')}`,
  fallback: '3',
  samples: ['median', 'median:3', 'median:5', 'median:9'],
  wrong: ['median:4', 'median:1', 'median:11', 'median:', 'median:3:3'],
  control: { kind: 'choice', choices: sides.map(String) },
  takesColour: false,
  parse(text) {
    const side = text === null ? 3 : readInteger(text, 3, 9);
    return side !== null && sides.includes(side) ? side : null;
  },
  print: (side) => (side === 3 ? null : String(side)),
  isIdle: () => false,
};
