import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../src/errors.ts';
import { parseTransform } from '../../src/transform/grammar.ts';
import { canonicalId, idOfPath, idPattern, pathOfId } from '../../src/transform/id.ts';
import { pathOfWords, splitImagePath } from '../../src/transform/image-path.ts';
import { keys, parameters } from '../../src/transform/params/index.ts';
import { builtInPresets, readPresets } from '../../src/transform/presets.ts';

const presets = readPresets({ ...builtInPresets, 's--red--': 'w_9' });
const runs = { numRuns: 3000 };

const word = fc
  .constantFrom(...keys)
  .chain((key) => fc.constantFrom(...parameters[key].samples.map((value) => `${key}_${value}`)));
const odd = fc.constantFrom(
  'cat',
  'shoes:red',
  'a.jpg',
  'l_b.png',
  'd_c.webp',
  't_a.gif',
  'thumb',
  'thumb.webp',
  'x,y',
  'p%2Cq.jpg',
);
const signed = fc.constantFrom('s--red--', `s--${'A'.repeat(32)}--`, 'm%2Fn', 'path~YQ');
const segment = fc.oneof(
  odd,
  word,
  fc.tuple(word, word).map((both) => both.join(',')),
  signed,
);
const segments = fc.array(segment, { minLength: 1, maxLength: 5 });

/** Names of folders and files, a folder separator excepted: canonical ids read `:` as one. */
const name = fc
  .oneof(
    fc.constantFrom('red', 'Mein Bild', '猫', 'w_400', 'a,b', '100%', 'x?y#z'),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }),
  )
  .filter((text) => /^[^.]/.test(text) && !/[:/\\\p{Cc}\p{Cs}]/u.test(text));
const names = fc.array(name, { minLength: 1, maxLength: 4 });

function read(path: string) {
  try {
    const { id, signature, segments: rest } = splitImagePath(path, '/img/');
    return { id, signature, rest: rest.map(({ raw }) => raw) };
  } catch (thrown) {
    if (thrown instanceof Failure) return null;
    throw thrown;
  }
}

function isLegal(words: readonly string[]): boolean {
  try {
    parseTransform(
      words.length === 0 ? splitImagePath('/img/cat', '/img/') : pathOfWords('cat', words.join('/')),
      presets,
    );
    return true;
  } catch (thrown) {
    if (thrown instanceof Failure) return false;
    throw thrown;
  }
}

describe('The id of a URL', () => {
  it('is the first segment wherever the rest is legal behind it, as it was before ids had slashes', () => {
    let legal = 0;
    fc.assert(
      fc.property(segments, ([first = '', ...rest]) => {
        const signature = /^s--([A-Za-z0-9_-]*)--$/.exec(rest[0] ?? '')?.[1] ?? null;
        const words = signature === null ? rest : rest.slice(1);
        if (!idPattern.test(first) || !isLegal(words)) return;
        legal += 1;
        const later = words.some((each) => /^s--[A-Za-z0-9_-]{32}--$/.test(each));
        if (!later) expect(read(`/img/${[first, ...rest].join('/')}`)).toEqual({ id: first, signature, rest: words });
      }),
      runs,
    );
    expect(legal).toBeGreaterThan(100);
  });

  it('is read again from what was read, in one segment, wherever that is legal', () => {
    fc.assert(
      fc.property(segments, (all) => {
        const found = read(`/img/${all.join('/')}`);
        if (found === null || !isLegal(found.rest)) return;
        const { id, signature, rest } = found;
        const plain = ['/img', id, ...(signature === null ? [] : [`s--${signature}--`]), ...rest].join('/');
        expect(idPattern.test(id)).toBe(true);
        // A direct signature may be short, and a short one behind several segments is none.
        if (signature !== null || !/^s--[A-Za-z0-9_-]*--$/.test(rest[0] ?? '')) expect(read(plain)).toEqual(found);
      }),
      runs,
    );
  });

  it('is one for each spelling of a path, and the path comes back from it', () => {
    fc.assert(
      fc.property(names, (all) => {
        const path = all.join('/');
        const id = idOfPath(path);
        if (!idPattern.test(id)) return;
        expect(pathOfId(id)).toBe(path);
        expect(canonicalId(path)).toBe(id);
        const encoded = all.map(encodeURIComponent);
        const signature = 'A'.repeat(32);
        expect(read(`/img/${encoded.join('%2F')}/c_fill,w_400/h_4`)?.id ?? id).toBe(id);
        expect(read(`/img/${encoded.join('/')}/s--${signature}--/w_400`)).toEqual({ id, signature, rest: ['w_400'] });
        expect(read(`/img/${id}/w_400`)).toEqual({ id, signature: null, rest: ['w_400'] });
      }),
      runs,
    );
  });
});
