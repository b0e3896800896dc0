import type { Parameter } from './param.ts';

export const version: Parameter<string> = {
  key: 'v',
  name: 'version',
  meaning: "The beginning of the original's SHA-256: with it an answer never changes and may be kept for a year.",
  values: '8 to 64 lower-case hex digits',
  fallback: 'whatever is stored now',
  samples: ['1a2b3c4d'],
  wrong: ['1a2b3c', '1A2B3C4D', '1571218039x', 'g'.repeat(8), 'a'.repeat(65)],
  place: 'first',
  control: { kind: 'text', choices: [] },
  parse: (text) => (/^[0-9a-f]{8,64}$/.test(text) ? text : null),
  print: (value) => value,
};
