import { type Parameter, readInteger } from './param.ts';

/** Some day in the year 33658: what is further ahead than the server allows is its own business, since that takes a clock. */
const latest = 999_999_999_999;

export const expiry: Parameter<number> = {
  key: 'exp',
  name: 'expiry',
  meaning:
    'When the URL stops being answered (410); caches are told to keep nothing longer. Only in signed URLs, and no part of the picture.',
  values: 'unix seconds, at most ten years ahead',
  fallback: 'never',
  samples: ['1900000000'],
  wrong: ['-1', '+5', '1.5', '1e9', '0x10', '01', 'NaN', '9'.repeat(13)],
  place: 'first',
  control: { kind: 'text', choices: [] },
  parse: (text) => readInteger(text, 0, latest),
  // It belongs to a URL and its signature, not to a picture.
  print: () => null,
};
