import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dialects } from '../../src/dialects/index.ts';
import { Failure } from '../../src/errors.ts';
import { type Running, solid, startTintype } from '../support/tintype.ts';
import { proofs } from './index.ts';
import type { Proof } from './proof.ts';
import { peerUrl, storedAs } from './stored.ts';

const runs = process.env['TINTYPE_LONG'] === '1' ? 10_000 : 1000;

/** All URLs of a table. */
const urlsOf = ({ examples, refused }: Proof) => [...examples, ...refused].map(({ url }) => url);

/** Pieces of every product's URLs, their separators between them, and noise: most of what comes of it is nearly right. */
const pieces = proofs.flatMap(urlsOf).flatMap((url) => url.split(/(?<=[/?&,:=_@])|(?=[/?&,:=_@])/));
const noise = fc.oneof(
  fc.integer({ min: -10, max: 10_000 }).map(String),
  fc.string({ unit: fc.constantFrom(...'aw_%2F,:;=&/.-~$()@0é '.split('')) }),
  fc.constantFrom('%', '%ff', '%00', '..', '//', '__proto__', 'constructor', '9'.repeat(40), 'NaN', 'Infinity', '1e9'),
);
const piece = fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...pieces) }, { weight: 1, arbitrary: noise });
/** A URL of the tables as it is, with a piece of it changed, or all pieces. */
const urls = (own: readonly string[]) =>
  fc.oneof(
    { weight: 1, arbitrary: fc.constantFrom(...own) },
    fc.array(piece, { maxLength: 20 }).map((parts) => parts.join('')),
    fc.tuple(fc.constantFrom(...own), fc.nat(), piece).map(([url, at, text]) => {
      const cut = at % (url.length + 1);
      return url.slice(0, cut) + text + url.slice(cut + (at % 3));
    }),
  );

const inherited = ['constructor', '__proto__', 'toString', 'valueOf', 'hasOwnProperty', 'isPrototypeOf'];

/** A URL with each of its pieces replaced by each name that objects inherit. */
function withInheritedNames(url: string): readonly string[] {
  const parts = url.split(/([/?&,:=_@()]+)/);
  return parts.flatMap((_part, at) => (at % 2 === 1 ? [] : inherited.map((name) => parts.with(at, name).join(''))));
}

describe.each(proofs)('Whatever is sent to $name', (proof) => {
  const { name } = proof;
  const own = urlsOf(proof);
  const dialect = dialects.find((each) => each.name === name);

  it('is words of ours, or mistakes that are named', () => {
    fc.assert(
      fc.property(urls(own), (url) => {
        try {
          const { words, source, approximations } = dialect?.translate(peerUrl(url)) ?? {};
          expect(typeof words).toBe('string');
          expect(source).toBeDefined();
          for (const sentence of approximations ?? []) expect(sentence).not.toContain('undefined');
        } catch (thrown) {
          if (!(thrown instanceof Failure)) throw thrown;
          expect(thrown.kind).toBe('bad-words');
          for (const mistake of thrown.mistakes) expect(mistake.sentence).not.toMatch(/undefined|NaN for/);
          expect(thrown.mistakes.length).toBeGreaterThan(0);
        }
      }),
      { numRuns: runs },
    );
  });

  it('is no name that every object has, wherever it stands', () => {
    for (const url of own.flatMap(withInheritedNames)) {
      try {
        const { words = '', approximations = [] } = dialect?.translate(peerUrl(url)) ?? {};
        expect([words, ...approximations].join(' '), url).not.toMatch(/undefined|function |native code|\[object/);
      } catch (thrown) {
        if (!(thrown instanceof Failure)) throw new Error(`Expected words or a Failure for ${url}`, { cause: thrown });
        expect(thrown.kind, url).toBe('bad-words');
      }
    }
  });

  const sealing = dialect?.signing ?? null;
  if (sealing === null) return;

  it('is signed by nobody', () => {
    const key = ['k', '00:00'].find((each) => sealing.isKey(each));
    if (key === undefined) throw new Error(`Expected a key of ${name}`);
    fc.assert(
      fc.property(urls(own), (url) => {
        expect(sealing.signatureOf(peerUrl(url), [key])).not.toBe('good');
      }),
      { numRuns: runs },
    );
  });
});

/** Null where it is named by a path. */
function urlNamedBy(name: string, url: string): string | null {
  const source = dialects.find((each) => each.name === name)?.translate(peerUrl(url)).source;
  return source?.kind === 'url' ? source.url : null;
}

describe('Over HTTP', () => {
  let server: Running;
  beforeAll(async () => {
    const names = dialects.map((each) => each.name).join();
    const environment = { TINTYPE_DIALECTS: names, TINTYPE_MAX_OUTPUT: '1MP', TINTYPE_FETCH: '*' };
    // What is not stored yet is fetched from nowhere.
    server = await startTintype(environment, { allowance: { url: () => false, address: () => false } });
    const pictures = proofs.flatMap(({ name, examples }) => examples.map(({ id, url }) => urlNamedBy(name, url) ?? id));
    for (const id of new Set(pictures.map(storedAs))) {
      expect([id, (await server.put(id, await solid('#336699', 16, 12))).status]).toEqual([id, 201]);
    }
  });
  afterAll(() => server.close());

  it.each(proofs)('any path under $name is a picture or a 4xx', async (proof) => {
    const prefix = dialects.find((each) => each.name === proof.name)?.prefix ?? '';
    const own = urlsOf(proof);
    const seen = new Set<number>();
    await fc.assert(
      fc.asyncProperty(urls(own), async (url) => {
        // A request line holds no spaces and nothing but ASCII (RFC 9112 §3).
        const sent = url.replaceAll(/[^\x21-\x7e]/gu, encodeURIComponent).replaceAll('#', '%23');
        const answer = await server.get(prefix + (/^[/?]/.test(sent) ? sent : `/${sent}`));
        seen.add(answer.status);
        const type = answer.headers.get('content-type') ?? '';
        if (answer.status === 200) expect(type).toMatch(/^image\/|^text\/plain/);
        else expect([url, Math.floor(answer.status / 100), type]).toEqual([url, 4, 'application/problem+json']);
        await answer.arrayBuffer();
      }),
      { numRuns: runs / 10 },
    );
    // What finds nothing cannot fail.
    expect([...seen]).toEqual(expect.arrayContaining([200, 400]));
  });
});
