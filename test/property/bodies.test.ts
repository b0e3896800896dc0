import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../src/errors.ts';
import { warmUpSchema } from '../../src/http/admin/jobs-routes.ts';
import { purgeSchema } from '../../src/http/admin/purge-body.ts';
import { readMembers } from '../../src/http/message/json-body.ts';
import { schemas } from '../../src/http/openapi/schemas.ts';
import { annotationsSchema } from '../../src/http/originals/annotations.ts';
import { newOriginalSchema } from '../../src/http/originals/post-route.ts';
import { newUploadSchema } from '../../src/http/originals/uploads-routes.ts';

const ajv = new Ajv2020({ strict: false });
addFormats.default(ajv);

/** Every body by the name of its published schema, with members that are right. */
const bodies = {
  Notes: {
    schema: annotationsSchema,
    good: { tags: ['a', 'b'], focalPoint: [0, 1], boxes: [[0, 0, 0.5, 1]], metadata: { a: 1 }, lifetime: 60 },
  },
  NewOriginal: {
    schema: newOriginalSchema,
    good: {
      dataUrl: 'data:image/png;base64,AAAA',
      url: 'https://example.com/cat.jpg',
      transform: 'w_20',
      sanitize: 'strip',
      normalize: 'webp',
      id: 'cat',
      tags: [],
      focalPoint: null,
    },
  },
  NewUpload: {
    schema: newUploadSchema,
    good: { id: 'cat', bytes: 1, types: ['jpg', 'image/png'], sides: 100_000, presets: ['thumb'], expiry: '15m' },
  },
  PurgeRequest: {
    schema: purgeSchema,
    good: {
      ids: ['cat'],
      prefix: 'c',
      tags: ['a'],
      presets: ['thumb'],
      variants: ['w_9'],
      where: { format: 'webp', widerThan: 0, olderThan: '7d' },
      all: true,
      soft: false,
      dryRun: true,
    },
  },
  WarmUp: { schema: warmUpSchema, good: { presets: ['thumb'], prefix: 'c', tag: 'a' } },
} as const;

const inherited = ['constructor', '__proto__', 'toString', 'valueOf', 'hasOwnProperty', 'isPrototypeOf'];
const odd = fc.oneof(
  fc.constantFrom<unknown[]>(
    null,
    true,
    -1,
    0,
    1.5,
    1e21,
    '',
    'a b',
    'ä',
    [],
    [null],
    [[]],
    [0],
    [0, 1, 1],
    [0.5, 2],
    [[0, 0, 0, 1]],
    ['x'.repeat(65)],
    Array.from({ length: 17 }, () => 'a'),
    {},
    { format: 'webp' },
    { format: null },
    { constructor: 1 },
  ),
  fc.jsonValue({ maxDepth: 2 }),
);

/** Some of the right members, some of them with odd values, and at times one that is unknown. */
function bodyLike(good: Readonly<Record<string, unknown>>): fc.Arbitrary<unknown> {
  const some = fc.subarray(Object.entries(good));
  const wrong = fc.dictionary(fc.constantFrom(...Object.keys(good)), odd, { maxKeys: 2 });
  const unknown = fc.dictionary(fc.constantFrom(...inherited, 'colour'), odd, { maxKeys: 1 });
  return fc
    .tuple(some, fc.option(wrong, { freq: 2, nil: {} }), fc.option(unknown, { freq: 4, nil: {} }))
    .map(([entries, ...others]) => {
      const all = [...entries, ...others.flatMap((other) => Object.entries(other))];
      // As JSON.parse makes them: `__proto__` is a member of its own.
      return JSON.parse(`{${all.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join()}}`);
    });
}

describe.each(Object.entries(bodies))('The published schema of %s', (name, { schema, good }) => {
  const isPublished = ajv.compile(schemas[name] ?? {});

  it('takes exactly what is read', () => {
    fc.assert(
      fc.property(fc.oneof({ weight: 9, arbitrary: bodyLike(good) }, { weight: 1, arbitrary: odd }), (body) => {
        const sentence = refusal(schema, body);
        expect([body, sentence === null, sentence]).toEqual([body, isPublished(body), sentence]);
        expect(sentence ?? 'Expected').toMatch(/^(Expected|Unknown member)/);
        expect(sentence ?? '').not.toMatch(/undefined|Invalid/);
      }),
      { numRuns: 500 },
    );
  });

  it.each(Object.keys(good))('names %s where it is wrong', (member) => {
    const wrong = { ...good, [member]: { of: 'no shape' } };
    if (member !== 'metadata') expect(refusal(schema, wrong)).toMatch(member === 'where' ? /format/ : member);
  });
});

function refusal(schema: Parameters<typeof readMembers>[0], body: unknown): string | null {
  try {
    readMembers(schema, body, '{}');
    return null;
  } catch (thrown) {
    if (!(thrown instanceof Failure)) throw thrown;
    expect(thrown.kind).toBe('bad-request');
    return thrown.message;
  }
}
