import { type Parameter, readOneOf } from './param.ts';

export const cropModes = [
  'limit',
  'fit',
  'mfit',
  'fill',
  'lfill',
  'pad',
  'lpad',
  'mpad',
  'scale',
  'crop',
  'thumb',
  'auto',
] as const;
export type CropMode = (typeof cropModes)[number];

/** Modes that cut something away or add a canvas: only they have a use for a gravity. */
export const placingModes: readonly CropMode[] = ['fill', 'lfill', 'pad', 'lpad', 'mpad', 'crop', 'thumb', 'auto'];
export const paddingModes: readonly CropMode[] = ['pad', 'lpad', 'mpad'];

/** The default depends on `ar`, so it is decided, dropped and printed where the whole component is known. */
export const crop: Parameter<CropMode> = {
  key: 'c',
  name: 'crop mode',
  meaning: 'How the picture meets the box of `w`, `h` and `ar`.',
  values: `one of ${cropModes.join(', ')}`,
  fallback: '`limit`; `fill` where `ar` is present',
  samples: cropModes,
  wrong: ['cover', 'contain', 'Fill', 'FILL', 'crop '],
  place: 'each',
  control: { kind: 'choice', choices: cropModes },
  parse: (text) => readOneOf(text, cropModes),
  print: (value) => value,
};
