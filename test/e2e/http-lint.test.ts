import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { environment, goodCalls, refusedCalls } from '../support/interface-calls.ts';
import { tintypeOnPort } from '../support/listening.ts';
import { secret, solid } from '../support/tintype.ts';
import { dial, head } from '../support/wire.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

interface Heard {
  readonly what: string;
  readonly method: string;
  readonly raw: string;
}

let server: Awaited<ReturnType<typeof tintypeOnPort>>;
let python: string;

beforeAll(async () => {
  python = execFileSync('bash', [here('../../.ci/httplint.sh'), join(tmpdir(), 'tintype-httplint')], {
    encoding: 'utf8',
  });
  server = await tintypeOnPort(environment);
}, 300_000);
afterAll(() => server.close());

interface Spec {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly operationId: string }>>>>;
}

/** The answer as it came over the wire, from the status line to the last byte. */
async function hear(
  method: string,
  path: string,
  fields: Readonly<Record<string, string>> = {},
  body: string | Uint8Array = '',
): Promise<Heard> {
  const wire = await dial(server.port);
  const bytes = Buffer.from(body);
  const length = bytes.length === 0 ? {} : { 'Content-Length': bytes.length };
  wire.send(head(`${method} ${path}`, { ...fields, ...length, Connection: 'close' }));
  wire.send(bytes);
  await wire.closed;
  const raw = Buffer.from(wire.received(), 'latin1').toString('base64');
  return {
    what: `${method} ${path.slice(0, 60)} ${JSON.stringify(fields)} ${wire.received().slice(9, 12)}`,
    method,
    raw,
  };
}

/** What the linter says that is no fault, with the cause; each must still be said, or its line goes. */
const noFaults: Readonly<Record<string, RegExp>> = {
  'a status as such is no news': /^(WARN|BAD): The server (didn't understand the request|won't accept a URI this long)/,
  'public lets shared caches keep what a CDN asked for with an Authorization of its own (RFC 9111 §3.5)':
    /^WARN: Cache-Control: public is probably not necessary/,
  'Location leads from a 202 to its job, as the pattern of asynchronous work has it (RFC 9110 §15.3.3 only says "should")':
    /^WARN: This status code doesn't define any meaning for the Location header/,
};
/** The linter's sniffer knows no AVIF and takes it for MP4. */
const unknownType = /^WARN: The content doesn't match the declared Content-Type/;

function lint(heard: readonly Heard[]): Readonly<Record<string, readonly string[]>> {
  const said = execFileSync(python.trim(), [here('support/lint.py')], {
    input: JSON.stringify(heard),
    encoding: 'utf8',
  });
  const wrong = JSON.parse(said) as readonly (readonly string[])[];
  return Object.fromEntries(
    heard.flatMap(({ what }, at) => (wrong[at]?.length === 0 ? [] : [[what, wrong[at] ?? []]])),
  );
}

const token = { Authorization: `Bearer ${secret}` };

/** Every operation of the document, done and refused, with and without a token. */
async function everyOperation(): Promise<readonly Heard[]> {
  const picture = await solid('#ff8800', 40, 30);
  for (const id of ['cat', 'doomed']) await server.put(id, picture);
  const { paths } = (await (await server.get('/openapi.json')).json()) as Spec;
  const methods = new Map(
    Object.values(paths).flatMap((path) =>
      Object.entries(path).map(([method, { operationId }]) => [operationId, method.toUpperCase()]),
    ),
  );
  const good = goodCalls(picture);
  expect([...methods.keys()].filter((id) => good[id] === undefined)).toEqual([]);
  const heard: Heard[] = [];
  for (const [id, { path, headers, body }] of Object.entries(good)) {
    const method = methods.get(id) ?? '';
    heard.push(await hear(method, path, {}, body));
    heard.push(await hear(method, path, { ...token, ...headers }, body));
    heard.push(await hear('OPTIONS', path), await hear('PATCH', path, token));
  }
  for (const [id, , { path, headers, body }] of refusedCalls(picture)) {
    heard.push(await hear(methods.get(id) ?? '', path, { ...token, ...headers }, body));
  }
  return heard;
}

/** What an answer can depend on. */
async function everyCondition(): Promise<readonly Heard[]> {
  const tagOf = async (path: string) => (await server.send('HEAD', path, { headers: token })).headers.get('etag') ?? '';
  const heard: Heard[] = [];
  for (const path of ['/img/cat/w_9', '/img/cat/w_9,f_auto', '/originals/cat', '/openapi.json']) {
    const etag = await tagOf(path);
    const fields = [
      { 'If-None-Match': etag },
      { 'If-Match': etag },
      { Range: 'bytes=0-3' },
      { Range: 'bytes=99999-' },
      { Range: 'bytes=0-3', 'If-Range': '"other"' },
      { Accept: 'image/avif,image/webp' },
      { Origin: 'https://shop.test' },
      { 'Accept-Encoding': 'br' },
    ];
    for (const method of ['GET', 'HEAD']) {
      for (const field of fields) heard.push(await hear(method, path, { ...token, ...field }));
    }
  }
  heard.push(
    await hear('GET', '/nowhere'),
    await hear('GET', '/livez\\'),
    await hear('GET', '/img/cat/fl_datauri,w_9'),
  );
  return heard;
}

describe('An independent linter of HTTP', () => {
  it('finds nothing to warn of in what any operation answers', async () => {
    const heard = [...(await everyOperation()), ...(await everyCondition())];
    expect(heard.length).toBeGreaterThan(150);
    const notes = Object.entries(lint(heard)).flatMap(([what, said]) => said.map((note) => [what, note] as const));
    const excused = (what: string, note: string) =>
      Object.values(noFaults).some((pattern) => pattern.test(note)) ||
      (unknownType.test(note) && what.includes('image/avif'));
    expect(notes.filter(([what, note]) => !excused(what, note))).toEqual([]);
    for (const [cause, pattern] of Object.entries(noFaults)) {
      expect(notes.filter(([, note]) => pattern.test(note)).length, cause).toBeGreaterThan(0);
    }
  });

  it('is awake', () => {
    const raw = Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 3\r\nCache-Control: max-age=x\r\n\r\nhi').toString(
      'base64',
    );
    expect(lint([{ what: 'nonsense', method: 'GET', raw }])['nonsense']?.length).toBeGreaterThan(0);
  });
});
