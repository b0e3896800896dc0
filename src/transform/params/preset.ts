import type { Parameter } from './param.ts';

export const presetName = /^[a-z][a-z0-9-]{0,63}$/;

/** Presets joined in one word, at most. */
const maxPresets = 8;

export const preset: Parameter<readonly string[]> = {
  key: 't',
  name: 'presets',
  meaning:
    'Named transforms of this server, joined by dots, the later wins; words of the URL win over words of a preset.',
  values: `up to ${maxPresets} preset names joined by dots`,
  fallback: 'none; a word without `_` is a preset too',
  samples: ['thumb', 'thumb.large'],
  wrong: ['Thumb', 'thumb.', '1st', 'a.b.c.d.e.f.g.h.i'],
  place: 'each',
  control: { kind: 'presets' },
  parse(text) {
    const names = text.split('.');
    return names.length <= maxPresets && names.every((name) => presetName.test(name)) ? names : null;
  },
  print: (names) => names.join('.'),
};
