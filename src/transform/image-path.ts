import { Failure, type Mistake, shorten } from '../errors.ts';
import type { FormatName } from '../formats/format.ts';
import { idPattern, idRule } from './id.ts';
import { formatOfName, idOfSegments, mistakenId, splitId } from './id-segments.ts';
import { isWord } from './params/index.ts';
import { turnedPath } from './turned.ts';
import { countWords, maxComponents, maxWords } from './word-limits.ts';

/** Longest path in bytes. */
export const maxPath = 2048;

export interface Segment {
  /** As it was sent; still percent-encoded, but known to decode. */
  readonly raw: string;
  readonly text: string;
  /** Offset in the path as it was sent. */
  readonly position: number;
}

/** An image URL taken apart, its words not yet read. */
export interface ImagePath {
  readonly id: string;
  readonly signature: string | null;
  /** What stands behind the signature, as it was sent: what a signature is made of. */
  readonly afterSignature: string;
  readonly segments: readonly Segment[];
}

/** A file name at the end of a URL that is there for caches and people. */
export interface CosmeticName {
  readonly text: string;
  readonly format: FormatName;
  readonly position: number;
}

/** The one mistake a sentence is enough for. */
export function mistakeAt(position: number, received: string, expected: string, example: string): Mistake {
  const sentence = `Expected ${expected} at position ${position} but received "${shorten(received)}"`;
  return { position, received: shorten(received), expected, example, didYouMean: null, sentence };
}

/** For words that stand before their id. */
export function wordsFirst(received: string, turned: string, position: number): Mistake {
  return mistakeAt(position, received, `the words behind the id, here ${turned}`, turned);
}

/** Throws `bad-words`; `more` is how many mistakes there are beside these. */
export function refuse(mistakes: readonly Mistake[], more = 0): never {
  const sentences = mistakes.map((mistake) => mistake.sentence);
  const rest = more === 0 ? [] : [`${more} more ${more === 1 ? 'mistake' : 'mistakes'}`];
  throw new Failure('bad-words', [...sentences, ...rest].join('. '), { mistakes, more });
}

/** Throws a 400 naming the id where it is not one. */
export function checkId(id: string, position = 0): string {
  if (!idPattern.test(id)) refuse([mistakeAt(position, id, idRule, 'cat')]);
  return id;
}

function decode(raw: string, position: number): string {
  let text: string;
  try {
    text = raw.includes('%') ? decodeURIComponent(raw) : raw;
  } catch {
    return refuse([mistakeAt(position, raw, 'percent-encoded UTF-8', '%C3%A4')]);
  }
  if (/[/\u0000-\u001f\u007f-\u009f]/.test(text)) {
    refuse([mistakeAt(position, raw, 'a segment without slashes and control characters', 'w_400')]);
  }
  return text;
}

/**
 * Splits a raw path (no query, as it was sent) behind its route: `{id}[/s--{sig}--]{/segment}`. The id may be spelled with slashes.
 * @throws Failure `bad-words` for an id, an empty segment or an encoding that cannot be; `path-too-long`.
 */
export function splitImagePath(rawPath: string, route: string): ImagePath {
  if (rawPath.length > maxPath) {
    throw new Failure('path-too-long', `Expected a path of at most ${maxPath} bytes but received ${rawPath.length}`);
  }
  const { spelled, signature, rest } = splitId(rawPath.slice(route.length).split('/'));
  const afterSignature = rest.join('/');
  const id = checkSpelledId(spelled, rest, route.length);
  return { id, signature, afterSignature, segments: segmentsOf(rest, rawPath.length - afterSignature.length) };
}

const addressRule =
  'an id, not an address (POST /originals takes {"url":"https://…"}, from the hosts that TINTYPE_FETCH lists)';

/** Throws a 400 for segments that spell no id, and for words that stand where the id should be. */
function checkSpelledId(spelled: readonly string[], rest: readonly string[], position: number): string {
  const [first = ''] = spelled;
  if (/^https?(?::$|(?::|%3a)(?:\/|%2f))/i.test(first)) refuse([mistakeAt(position, first, addressRule, 'cat')]);
  const mayBeWords = spelled.length === 1 && !idPattern.test(first) && formatOfName(first) === null;
  const turned = mayBeWords ? turnedPath(first, rest) : null;
  if (turned !== null) refuse([wordsFirst(first, turned, position)]);
  const areWords = mayBeWords && first.includes(',') && first.split(',').every(isWord);
  return (areWords ? null : idOfSegments(spelled)) ?? refuse([mistakenId(spelled, position)]);
}

/**
 * Components as in an image URL, without what stands before them there; positions count from their beginning.
 * @throws Failure `bad-words` as `splitImagePath` does.
 */
export function pathOfWords(id: string, words: string): ImagePath {
  return { id, signature: null, afterSignature: words, segments: segmentsOf(words.split('/'), 0) };
}

function segmentsOf(raws: readonly string[], start: number): readonly Segment[] {
  let position = start;
  const segments = raws.map((raw) => {
    if (raw === '') refuse([mistakeAt(position, raw, 'words between slashes', 'w_400')]);
    const segment = { raw, text: decode(raw, position), position };
    position += raw.length + 1;
    return segment;
  });
  checkCounts(segments);
  return segments;
}

/** A cosmetic name is neither a component nor a word. */
function checkCounts(segments: readonly Segment[]): void {
  const isNamed = segments.length > 1 && cosmeticName(segments.at(-1)) !== null;
  const components = isNamed ? segments.slice(0, -1) : segments;
  if (components.length > maxComponents) {
    const position = components[maxComponents]?.position ?? 0;
    refuse([mistakeAt(position, String(components.length), `at most ${maxComponents} components`, 'w_400')]);
  }
  const words = countWords(components.map(({ raw }) => raw));
  if (words > maxWords) {
    refuse([mistakeAt(components[0]?.position ?? 0, String(words), `at most ${maxWords} words`, 'w_400')]);
  }
}

/** Whether a segment is a cosmetic name: no comma, and a known extension. */
export function cosmeticName(segment: Segment | undefined): CosmeticName | null {
  if (segment === undefined || segment.text.includes(',')) return null;
  const format = formatOfName(segment.text);
  return format === null ? null : { text: segment.text, format, position: segment.position };
}
