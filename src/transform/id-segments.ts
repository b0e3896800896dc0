import { type Mistake, shorten } from '../errors.ts';
import { formatOfExtension } from '../formats/index.ts';
import { canonicalId, idRule, pathRule } from './id.ts';
import { isWord } from './params/index.ts';

/** A raw path behind its route, in three parts as they were sent. */
export interface IdSegments {
  /** One segment, or several where the id is spelled with slashes. */
  readonly spelled: readonly string[];
  readonly signature: string | null;
  /** The segments behind the id and the signature. */
  readonly rest: readonly string[];
}

const directSignature = /^s--([A-Za-z0-9_-]*)--$/;
/** Behind several segments, a signature has its full length: shorter ones may be names of presets. */
const laterSignature = /^s--([A-Za-z0-9_-]{32})--$/;

/**
 * Finds where the id ends. Neither presets nor stored originals matter: one URL has one reading. A signature ends the id. A first
 * segment with an encoded slash is the whole id. Else the id ends with the first later segment that has a picture extension. Another
 * segment must follow, and no segment up to it may hold a comma or read as a word.
 */
export function splitId(segments: readonly string[]): IdSegments {
  const signed = segments.findIndex((raw, index) => index > 0 && signatureAt(raw, index) !== null);
  const end = signed > 0 ? signed : endOfId(segments);
  const signature = signed > 0 ? signatureAt(segments[signed] ?? '', signed) : null;
  return { spelled: segments.slice(0, end), signature, rest: segments.slice(signed > 0 ? end + 1 : end) };
}

function signatureAt(raw: string, index: number): string | null {
  return (index === 1 ? directSignature : laterSignature).exec(raw)?.[1] ?? null;
}

function endOfId(segments: readonly string[]): number {
  if (/%2f/i.test(segments[0] ?? '')) return 1;
  for (const [index, raw] of segments.slice(0, -1).entries()) {
    const text = decodeSegment(raw);
    if (text === null || text === '' || text.includes(',') || isWord(text)) return 1;
    if (index > 0 && formatOfName(text) !== null) return index + 1;
  }
  return 1;
}

/** Percent-decodes once; null for invalid UTF-8. */
export function decodeSegment(raw: string): string | null {
  try {
    return raw.includes('%') ? decodeURIComponent(raw) : raw;
  } catch {
    return null;
  }
}

/** The canonical id that raw segments spell, or null. An encoded slash may stand in the first segment alone. */
export function idOfSegments(spelled: readonly string[]): string | null {
  const names = spelled.map(decodeSegment);
  if (names.some((name, index) => name === null || name === '' || (index > 0 && name.includes('/')))) return null;
  return canonicalId(names.join('/'));
}

/** What is wrong with segments that spell no id. */
export function mistakenId(spelled: readonly string[], position: number): Mistake {
  const raw = spelled.join('/');
  const expected = /^[A-Za-z0-9._~:-]*$/.test(raw) ? idRule : pathRule;
  const received = shorten(raw);
  const sentence = `Expected ${expected} at position ${position} but received "${received}"`;
  return { position, received, expected, example: 'cat', didYouMean: null, sentence };
}

/** The format that a file name's extension names, or null. */
export function formatOfName(name: string): ReturnType<typeof formatOfExtension> {
  const extension = /\.([A-Za-z]{3,4})$/.exec(name)?.[1];
  return extension === undefined ? null : formatOfExtension(extension);
}
