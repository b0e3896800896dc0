import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PeerUrl } from '../../src/dialects/dialect.ts';
import { dialects } from '../../src/dialects/index.ts';
import { Failure } from '../../src/errors.ts';
import { type Running, solid, startTintype } from '../support/tintype.ts';
import { cloudflare } from './cloudflare.ts';
import { cloudinary } from './cloudinary.ts';
import { imgix } from './imgix.ts';
import { imgproxy } from './imgproxy.ts';
import { ipx } from './ipx.ts';
import { next } from './next.ts';
import { thumbor } from './thumbor.ts';

const proofs = [cloudflare, cloudinary, imgix, imgproxy, ipx, next, thumbor];
const runs = process.env['TINTYPE_LONG'] === '1' ? 10_000 : 1000;

/** Pieces of every product's URLs, their separators between them, and noise: most of what comes of it is nearly right. */
const pieces = proofs
  .flatMap(({ examples, refused }) => [...examples.map(({ url }) => url), ...refused.map(([url]) => url)])
  .flatMap((url) => url.split(/(?<=[/?&,:=_@])|(?=[/?&,:=_@])/));
const noise = fc.oneof(
  fc.integer({ min: -10, max: 10_000 }).map(String),
  fc.string({ unit: fc.constantFrom(...'aw_%2F,:;=&/.-~$()@0é '.split('')) }),
  fc.constantFrom('%', '%ff', '%00', '..', '//', '__proto__', 'constructor', '9'.repeat(40), 'NaN', 'Infinity', '1e9'),
);
const piece = fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...pieces) }, { weight: 1, arbitrary: noise });
/** A URL of the tables with a piece of it changed, or all pieces. */
const urls = (own: readonly string[]) =>
  fc.oneof(
    fc.array(piece, { maxLength: 20 }).map((parts) => parts.join('')),
    fc.tuple(fc.constantFrom(...own), fc.nat(), piece).map(([url, at, text]) => {
      const cut = at % (url.length + 1);
      return url.slice(0, cut) + text + url.slice(cut + (at % 3));
    }),
  );

const peerUrl = (text: string): PeerUrl => {
  const [path = '', ...query] = text.replace(/^\//, '').split('?');
  return { path, query: query.join('?') };
};

describe.each(proofs)('Whatever is sent to $name', ({ name, examples, refused }) => {
  const own = [...examples.map(({ url }) => url), ...refused.map(([url]) => url)];
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

  it('is signed by nobody', () => {
    const keys = name === 'imgproxy' ? ['00:00'] : ['k'];
    fc.assert(
      fc.property(urls(own), (url) => {
        expect(dialect?.sealing?.sealOf(peerUrl(url), keys) ?? 'unsigned').not.toBe('good');
      }),
      { numRuns: runs },
    );
  });
});

describe('Over HTTP', () => {
  let server: Running;
  beforeAll(async () => {
    const names = dialects.map((each) => each.name).join();
    server = await startTintype({ TINTYPE_DIALECTS: names, TINTYPE_MAX_OUTPUT: '1MP' });
    const ids = new Set(proofs.flatMap(({ examples }) => examples.map(({ id }) => id)));
    for (const id of ids) await server.put(id, await solid('#336699', 16, 12));
  });
  afterAll(() => server.close());

  it.each(proofs)('any path under $name is a picture or a 4xx', async ({ name, examples, refused }) => {
    const prefix = dialects.find((each) => each.name === name)?.prefix ?? '';
    const own = [...examples.map(({ url }) => url), ...refused.map(([url]) => url)];
    await fc.assert(
      fc.asyncProperty(urls(own), async (url) => {
        // A request line holds no spaces and nothing but ASCII (RFC 9112 §3).
        const sent = url.replaceAll(/[^\x21-\x7e]/gu, encodeURIComponent).replaceAll('#', '%23');
        const answer = await server.get(prefix + (/^[/?]/.test(sent) ? sent : `/${sent}`));
        const type = answer.headers.get('content-type') ?? '';
        if (answer.status === 200) expect(type).toMatch(/^image\/|^text\/plain/);
        else expect([url, Math.floor(answer.status / 100), type]).toEqual([url, 4, 'application/problem+json']);
        await answer.arrayBuffer();
      }),
      { numRuns: runs / 10 },
    );
  });
});
