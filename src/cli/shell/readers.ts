import type { Reader } from '../../config/readers.ts';
import { idPattern, idRule } from '../../transform/id.ts';

/** An id, or the beginning of one. */
export const readId = (): Reader<string> => ({
  expected: idRule,
  parse: (text) => (idPattern.test(text) ? text : undefined),
});

export const readTag = (): Reader<string> => ({
  expected: 'a tag of 1 to 64 characters A-Z a-z 0-9 . _ -',
  parse: (text) => (/^[A-Za-z0-9._-]{1,64}$/.test(text) ? text : undefined),
});

/** Where a Tintype answers, or a CDN before it. */
export const readOrigin = (): Reader<string> => ({
  expected: 'an address such as https://img.example.com',
  parse: (text) => (/^https?:\/\/[^\s/?#]+\/?$/.test(text) && URL.canParse(text) ? text.replace(/\/$/, '') : undefined),
});
