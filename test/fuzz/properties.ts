import fc from 'fast-check';
import { Failure } from '../../src/errors.ts';
import { withinExpiry } from '../../src/http/auth/expiry.ts';
import { Signatures } from '../../src/http/auth/signatures.ts';
import { printTransform } from '../../src/transform/canonical.ts';
import { parseTransform } from '../../src/transform/grammar.ts';
import { idPattern } from '../../src/transform/id.ts';
import { splitImagePath } from '../../src/transform/image-path.ts';
import { bucketOf } from '../../src/transform/negotiate.ts';
import { keys, parameters } from '../../src/transform/params/index.ts';
import { builtInPresets, readPresets } from '../../src/transform/presets.ts';
import { type Running, solid, withToken } from '../support/tintype.ts';

/** Something that holds whatever a stranger sends. Its property throws where it does not. */
export interface Promised {
  readonly name: string;
  readonly property: fc.IRawProperty<unknown>;
}

const presets = readPresets(builtInPresets);
const picture = await solid('#ff8800', 9, 7);

/** Text that HTTP lets through in a header field. */
const fieldText = fc.stringMatching(/^[\x21-\x7e]([\x20-\x7e\x80-\xff]{0,60}[\x21-\x7e])?$/);
const escapes = fc.constantFrom('%2C', '%2f', '%00', '%', '%zz', '%ff', '%C3%A4', '%5f', '%252C', '%0a');
const sample = fc
  .constantFrom(...keys)
  .chain((key) =>
    fc.constantFrom(...parameters[key].samples, ...parameters[key].wrong).map((value) => `${key}_${value}`),
  );
const glue = fc.constantFrom(',', '/', ',,', '//', '_', '', '.', ':', '--', 's--', '.webp', 'thumb', 't_', '\u00e4');
const noise = fc.oneof(
  fc.string({ maxLength: 20 }),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.integer().map(String),
);
const words = fc
  .array(fc.oneof({ weight: 4, arbitrary: sample }, { weight: 3, arbitrary: glue }, noise, escapes), { maxLength: 12 })
  .map((parts) => parts.join(''));
/** What can stand in a request line. */
const onTheWire = (text: string) => text.replace(/[^\x21-\x7e]|[?#\\]/g, '');

function check(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}

function parsed(path: string) {
  try {
    const split = splitImagePath(path, '/img/');
    return { split, transform: parseTransform(split, presets) };
  } catch (thrown) {
    if (thrown instanceof Failure) return null;
    throw thrown;
  }
}

const json = fc.oneof(
  fc.json(),
  fc.string({ maxLength: 40 }),
  fc
    .dictionary(
      fc.constantFrom(
        'ids',
        'all',
        'id',
        'tags',
        'prefix',
        'dryRun',
        'dataUrl',
        'url',
        'bytes',
        'types',
        'sides',
        'presets',
        'expiry',
        'focalPoint',
        'boxes',
        'metadata',
        'lifetime',
        '__proto__',
      ),
      fc.oneof(
        fc.jsonValue(),
        fc.constantFrom('cat', ['cat'], true, ['-'], 'data:image/png;base64,AAAA', [0.5, 0.5], 1, '15m'),
      ),
      { maxKeys: 4 },
    )
    .map((value) => JSON.stringify(value)),
);

const formParts = fc.array(
  fc.oneof(
    fc.constantFrom(
      '--b\r\n',
      '--b--\r\n',
      '\r\n',
      '\r\n\r\n',
      '--b',
      'Content-Disposition: form-data; name="file"; filename="a"\r\n',
      'Content-Disposition: form-data; name="id"\r\n',
      'Content-Disposition: form-data; name="tags"\r\n',
      'Content-Type: image/png\r\n',
      'Content-Transfer-Encoding: base64\r\n',
    ),
    fc.string({ maxLength: 30 }),
    fc.constant(Buffer.from(picture).toString('latin1')),
  ),
  { maxLength: 14 },
);

const ownKeys = /^(?:o\/[A-Za-z0-9][A-Za-z0-9._~:-]*\/|i\/[tng]\/|v\/|j\/|u\/|(?:epoch|sweep)\.json$)/;

/** Promises that need nothing but the language. */
export const pure: readonly Promised[] = [
  {
    name: 'words: a 400, or a spelling that reads the same again',
    property: fc.property(words, (text) => {
      const first = parsed(`/img/cat/${text}`);
      if (first === null) return;
      const printed = printTransform(first.transform);
      const again = parsed(printed === '' ? '/img/cat' : `/img/cat/${printed}`);
      check(again !== null && printTransform(again.transform) === printed, `${text} printed ${printed}`);
    }),
  },
  {
    name: 'ids: a 400, or one canonical id',
    property: fc.property(fc.oneof(words, noise), (text) => {
      const found = parsed(`/img/${text}`);
      if (found === null) return;
      const { id } = found.split;
      check(idPattern.test(id) && splitImagePath(`/img/${id}`, '/img/').id === id, id);
    }),
  },
  {
    name: 'Accept: one of three buckets',
    property: fc.property(
      fc.oneof(
        fieldText,
        fc
          .array(fc.constantFrom('image/avif', 'image/webp', '*/*', ';q=0', ';q=', '1', '0.5', ',', ' ', ';', 'q'))
          .map((parts) => parts.join('')),
      ),
      (accept) => {
        check(['avif', 'webp', 'base'].includes(bucketOf(accept)), accept);
      },
    ),
  },
  {
    name: 'signatures: what is signed holds, and nothing else does',
    property: fc.property(
      fc.stringMatching(/^[a-z][a-z0-9._~:-]{0,20}$/),
      words.map(onTheWire),
      fc.nat(),
      fc.integer({ min: 33, max: 126 }),
      (id, rest, at, code) => {
        const signatures = new Signatures(['a key of the fuzzer that is long enough']);
        const path = signatures.sign(rest === '' ? `/img/${id}` : `/img/${id}/${rest}`);
        // A rest such as `.webp/` makes a path of no original, which is not signed.
        if (!path.includes('/s--')) return;
        check(signatures.verify(path), path);
        const where = 5 + (at % (path.length - 5));
        const other = path.slice(0, where) + String.fromCharCode(code) + path.slice(where + 1);
        const isOtherSpelling = /[:/]/.test(path.charAt(where)) && /[:/]/.test(other.charAt(where));
        check(other === path || isOtherSpelling || !signatures.verify(other), other);
        check(!signatures.verify(path + String.fromCharCode(code)), `${path} and one more`);
      },
    ),
  },
  {
    name: 'lifetimes: none beyond the expiry',
    property: fc.property(
      fc.integer({ min: -10, max: 100_000 }),
      fc.integer({ min: 0, max: 31_536_000 }),
      fc.nat(),
      (left, edge, stale) => {
        const before = `public, max-age=60, s-maxage=${edge}, stale-while-revalidate=${stale}, stale-if-error=${stale}`;
        const expires = Math.floor(Date.now() / 1000) + left;
        const response = withinExpiry(new Response(null, { headers: { 'Cache-Control': before } }), expires);
        const [maxAge = 0, shared = 0, ...stales] = [
          ...(response.headers.get('cache-control') ?? '').matchAll(/=(\d+)/g),
        ].map(([, n]) => Number(n));
        const most = Math.max(0, left);
        check(Math.max(maxAge, shared) + Math.max(...stales) <= Math.max(most, Math.max(maxAge, shared)), before);
        check(maxAge <= most && shared <= most, before);
      },
    ),
  },
];

/** Promises of a server, which keeps `cat`. */
export function ofServer(server: Running): readonly Promised[] {
  const fine = async (answer: Response, what: string) => {
    check(answer.status < 500, `${answer.status} for ${what}`);
    await answer.arrayBuffer();
  };
  return [
    {
      name: 'image URLs: never a fault of ours',
      property: fc.asyncProperty(words.map(onTheWire), async (text) => fine(await server.get(`/img/${text}`), text)),
    },
    {
      name: 'ids of uploads: refused, or stored under their own name alone',
      property: fc.asyncProperty(fc.oneof(words, noise).map(onTheWire), async (id) => {
        await fine(await server.put(id, picture), id);
        const { entries } = await server.tintype.store.list('', { limit: 1000 });
        for (const { key } of entries) check(ownKeys.test(key), key);
        if (idPattern.test(id)) await server.send('DELETE', `/originals/${id}`, { headers: withToken });
        await server.put('cat', picture);
      }),
    },
    {
      name: 'Range: the whole, the part, or nothing of it',
      property: fc.asyncProperty(
        fc.oneof(
          fieldText,
          fc
            .tuple(fc.integer({ min: -5, max: 300 }), fc.integer({ min: -5, max: 300 }))
            .map(([a, b]) => `bytes=${a < 0 ? '' : a}-${b < 0 ? '' : b}`),
        ),
        async (range) => {
          const answer = await server.get('/originals/cat', { ...withToken, range });
          const bytes = new Uint8Array(await answer.arrayBuffer());
          check([200, 206, 416].includes(answer.status), `${answer.status} for ${range}`);
          if (answer.status === 200) check(Buffer.compare(bytes, picture) === 0, range);
          if (answer.status !== 206) return;
          const [, start = 0, end = 0, length = 0] = (
            /^bytes (\d+)-(\d+)\/(\d+)$/.exec(answer.headers.get('content-range') ?? '') ?? []
          ).map(Number);
          check(length === picture.byteLength && Buffer.compare(bytes, picture.slice(start, end + 1)) === 0, range);
        },
      ),
    },
    {
      name: 'conditions and Accept: never a fault of ours',
      property: fc.asyncProperty(
        fc.constantFrom(
          'accept',
          'if-none-match',
          'if-match',
          'if-range',
          'x-forwarded-for',
          'referer',
          'authorization',
          'prefer',
          'content-digest',
        ),
        fieldText,
        async (name, value) => {
          await fine(await server.get('/img/cat/f_auto,w_5', { [name]: value }), `${name}: ${value}`);
          await fine(await server.get('/originals/cat', { ...withToken, [name]: value }), `${name}: ${value}`);
        },
      ),
    },
    {
      name: 'forms: never a fault of ours',
      property: fc.asyncProperty(
        formParts,
        fc.constantFrom('b', '', '"b"', 'b; charset=x', 'x'.repeat(80)),
        async (parts, boundary) => {
          const headers = { ...withToken, 'content-type': `multipart/form-data; boundary=${boundary}` };
          const body = new Uint8Array(Buffer.from(parts.join(''), 'latin1'));
          await fine(await server.send('POST', '/originals', { headers, body }), JSON.stringify([boundary, parts]));
        },
      ),
    },
    ...(['/purge', '/originals', '/uploads', '/originals/cat'] as const).map((path) => ({
      name: `JSON for ${path}: never a fault of ours`,
      property: fc.asyncProperty(json, async (body) => {
        const method = path === '/originals/cat' ? 'PATCH' : 'POST';
        const headers = { ...withToken, 'content-type': 'application/json' };
        await fine(await server.send(method, path, { headers, body }), body);
        if (path === '/purge') await server.put('cat', picture);
      }),
    })),
  ];
}

export const keep = (server: Running) => server.put('cat', picture);
