import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failures } from '../../src/errors.ts';
import { sourceErrors } from '../../src/http/message/operation-docs.ts';
import { type Call, environment, goodCalls, refusedCalls } from '../support/interface-calls.ts';
import { header, type Running, secret, solid, startTintype, withToken } from '../support/tintype.ts';

/** As much of the document as the tests look at. */
interface Spec {
  readonly paths: Readonly<Record<string, Readonly<Record<string, SpecOperation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}
interface SpecOperation {
  readonly operationId: string;
  readonly security?: readonly { readonly token?: readonly string[] }[];
  readonly responses: Readonly<Record<string, SpecResponse>>;
}
interface SpecResponse {
  readonly headers?: Readonly<Record<string, object>>;
  readonly content?: Readonly<Record<string, { readonly schema?: { readonly $ref: string } }>>;
  readonly 'x-codes'?: readonly string[];
}

let server: Running;
let spec: Spec;
const picture = await solid('#ff8800', 40, 30);
const calls = goodCalls(picture);
const refused = refusedCalls(picture);
let ajv: Ajv2020;

beforeAll(async () => {
  server = await startTintype(environment);
  for (const id of ['cat', 'doomed']) await server.put(id, picture);
  await server.tintype.jobs.add({ id: 'known', kind: 'of-the-future', input: null });
  spec = (await (await server.get('/openapi.json')).json()) as Spec;
  ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addSchema({ $id: 'https://tintype.test/', components: closed(spec.components) as object });
});
afterAll(() => server.close());

/** An answer may hold nothing that the document does not tell. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const inner = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]));
  return Object.hasOwn(inner, 'properties') && inner['type'] === 'object'
    ? { ...inner, additionalProperties: false }
    : inner;
}

const operations = () =>
  Object.entries(spec.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );

async function call(method: string, { path, headers = {}, body }: Call): Promise<Response> {
  const sent = { headers: { ...withToken, ...headers }, ...(body === undefined ? {} : { body }) };
  return server.send(method, path, sent);
}

/** Holds an answer to what the document tells of it. */
async function hold(answer: Response, { responses, operationId }: SpecOperation): Promise<void> {
  const told = responses[answer.status];
  expect(told, `${operationId} ${answer.status}`).toBeDefined();
  const type = header(answer, 'content-type').split(';')[0] ?? '';
  const text = Buffer.from(await answer.arrayBuffer()).toString('latin1');
  if (text !== '') expect(Object.keys(told?.content ?? {}), `${operationId} ${answer.status}`).toContain(type);
  const ref = told?.content?.[type]?.schema?.$ref;
  if (ref !== undefined && text !== '') {
    const validate = ajv.getSchema(`https://tintype.test/${ref}`);
    expect(validate?.(JSON.parse(Buffer.from(text, 'latin1').toString('utf8'))), JSON.stringify(validate?.errors)).toBe(
      true,
    );
  }
  for (const name of ['location', 'retry-after', 'content-range', 'www-authenticate', 'etag', 'cache-tag']) {
    const isTold = Object.keys(told?.headers ?? {}).some((field) => field.toLowerCase() === name);
    if (answer.headers.has(name)) expect(isTold, `${operationId} ${answer.status} ${name}`).toBe(true);
  }
}

describe('/openapi.json', () => {
  it('is a valid OpenAPI 3.1 document', async () => {
    const validator = new Validator();
    const { valid, errors } = await validator.validate({ ...structuredClone(spec) });
    expect([valid, errors, validator.version]).toEqual([true, undefined, '3.1']);
    expect(() => validator.resolveRefs()).not.toThrow();
  });

  it('has no two operations of one name', () => {
    const ids = operations().map(({ operation }) => operation.operationId);
    expect(ids.length).toBe(new Set(ids).size);
    expect([...ids].sort()).toEqual(Object.keys(calls).sort());
  });

  it('is revalidated by its tag', async () => {
    const etag = header(await server.get('/openapi.json'), 'etag');
    expect((await server.get('/openapi.json', { 'if-none-match': etag })).status).toBe(304);
  });

  it.each(Object.keys(calls))('tells the truth about %s', async (id) => {
    const found = operations().find(({ operation }) => operation.operationId === id);
    const { status, ...request } = calls[id] ?? { status: 0, path: '' };
    expect(found, 'the document has it').toBeDefined();
    if (found === undefined) return;
    const answer = await call(found.method, request);
    expect(answer.status).toBe(status);
    await hold(answer, found.operation);
  });

  it('says truly who may call what', async () => {
    for (const { path, method, operation } of operations()) {
      const { status: _, ...request } = calls[operation.operationId] ?? { status: 0, path };
      const answer = await server.send(method, request.path, request.body === undefined ? {} : { body: request.body });
      expect([operation.operationId, answer.status === 401]).toEqual([
        operation.operationId,
        operation.security?.every(({ token }) => token !== undefined) ?? false,
      ]);
      await hold(answer, operation);
    }
  });
});

/** What takes a fault of ours, of a disk or of a decoder, or a connection that breaks: other suites have those. */
const elsewhere = [
  'postPurge digest-differs',
  'postUploads digest-differs',
  'putUploadsToken digest-differs',
  'putUploadsToken too-big',
  'putUploadsToken not-an-image',
  'putUploadsToken refused-image',
  'postUploadsToken digest-differs',
  'postUploadsToken too-big',
  'postUploadsToken not-an-image',
  'postUploadsToken refused-image',
  'postJobs digest-differs',
  'patchOriginalsId digest-differs',
  'postOriginals digest-differs',
];
const needsSource = sourceErrors.flatMap((code) =>
  [
    'getImgId',
    'getOriginalsId',
    'getOriginalsIdInfo',
    'patchOriginalsId',
    'getOriginalsIdVariantsPreset',
    'getInfoId',
    'getPictureId',
    'getExplainId',
  ].map((id) => `${id} ${code}`),
);
const needsFaults = [
  'internal',
  'source-unreachable',
  'store-unreachable',
  'damaged-original',
  'overloaded',
  'deadline',
  'disk-full',
];

describe('A refusal that the document tells of', () => {
  it.each(refused)('%s %s can be had, and looks as it says', async (id, code, request) => {
    const found = operations().find(({ operation }) => operation.operationId === id);
    if (found === undefined) throw new Error(`No operation is called ${id}`);
    const answer = await call(found.method, request);
    expect(await answer.clone().json()).toMatchObject({ code });
    expect(found.operation.responses[answer.status]?.['x-codes']).toContain(code);
    await hold(answer, found.operation);
  });

  it('is in the table above, unless it takes a fault of ours', () => {
    const ofGet = (id: string) => id.replace(/^head/, 'get').replace(/Transform$/, '');
    const had = new Set(refused.map(([id, code]) => `${ofGet(id)} ${code}`));
    const told = operations().flatMap(({ operation: { operationId, responses } }) =>
      Object.values(responses).flatMap((response) =>
        (response['x-codes'] ?? []).map((code) => `${ofGet(operationId)} ${code}`),
      ),
    );
    const free = ['unauthorized', 'over-budget', ...needsFaults];
    const isElsewhere = (line: string) =>
      [...elsewhere, ...needsSource].includes(line) || free.some((code) => line.endsWith(` ${code}`));
    const missing = told.filter((line) => !had.has(line) && !isElsewhere(line));
    expect([...new Set(missing)]).toEqual([]);
  });

  it('is of a kind of the one table', () => {
    expect(Object.keys(failures)).toEqual(expect.arrayContaining(needsFaults));
  });
});

describe('A token opens what its scopes say:', () => {
  const secrets = {
    read: 'a-narrow-token-to-read',
    write: 'a-narrow-token-to-write',
    purge: 'a-narrow-token-to-purge',
  };
  let guarded: Running;

  beforeAll(async () => {
    const tokens = Object.entries(secrets).map(([scope, narrow]) => `${scope}er:${scope}:${narrow}`);
    guarded = await startTintype({
      TINTYPE_TOKENS: [...tokens, 'both:read+purge:a-token-for-two-scopes', 'next:read:the-next-token-to-read'].join(
        ',',
      ),
    });
  });
  afterAll(() => guarded.close());

  const opened = async (token: string) => {
    const asked = operations().flatMap(({ path, method, operation }) => {
      const [scope] = operation.security?.[0]?.token ?? [];
      return scope === undefined
        ? []
        : [{ path: path.replace('{id}', 'cat').replace('{transform}', 'w_9'), method, scope }];
    });
    const answers = asked.map(async ({ path, method, scope }) => {
      const answer = await guarded.send(method, path, { headers: { authorization: `Bearer ${token}` } });
      return answer.status === 401 ? [] : [scope];
    });
    return [...new Set((await Promise.all(answers)).flat())].sort();
  };

  it.each([
    ['read', secrets.read, ['read']],
    ['write', secrets.write, ['write']],
    ['purge', secrets.purge, ['purge']],
    ['read+purge', 'a-token-for-two-scopes', ['purge', 'read']],
    ['all', secret, ['purge', 'read', 'write']],
    ['read, beside the other token for it, as in a rotation', 'the-next-token-to-read', ['read']],
    ['nothing: its beginning', secrets.read.slice(0, -1), []],
    ['nothing: more than it', `${secrets.read}x`, []],
    ['nothing: other capitals', secrets.read.toUpperCase(), []],
  ] as const)('%s', async (_what, token, scopes) => {
    expect(await opened(token)).toEqual(scopes);
  });

  it.each([
    ['Basic', `Basic ${btoa(`x:${secrets.read}`)}`, 'Bearer'],
    ['no scheme', secrets.read, 'Bearer'],
    ['two tokens', `Bearer ${secrets.read} ${secrets.read}`, 'Bearer'],
    ['nothing behind the scheme', 'Bearer ', 'Bearer'],
    ['a wrong token', 'Bearer wrong', 'Bearer error="invalid_token"'],
  ])('%s is a 401 that says how to come back (RFC 6750 §3)', async (_what, authorization, challenge) => {
    const answer = await guarded.get('/originals', { authorization });
    expect([answer.status, header(answer, 'www-authenticate')]).toEqual([401, challenge]);
  });

  it('whatever the capitals of its scheme (RFC 9110 §11.1)', async () => {
    expect((await guarded.get('/originals', { authorization: `bEARER  ${secrets.read}` })).status).toBe(200);
  });
});
