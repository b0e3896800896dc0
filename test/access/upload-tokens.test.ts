import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { UploadTokens } from '../../src/library/originals/upload-tokens.ts';
import { header, type Running, solid, startTintype, withToken } from '../support/tintype.ts';

let running: Running;
const picture = await solid('#ff8800', 64, 48);

beforeAll(async () => {
  running = await startTintype({ TINTYPE_WORKERS: 'none' });
});
afterAll(() => running.close());
afterEach(() => vi.useRealTimers());

interface UploadAnswer {
  readonly token: string;
  readonly url: string;
  readonly id: string;
  readonly expiry: string;
}

async function createUpload(limits: object = {}): Promise<UploadAnswer> {
  const answer = await running.send('POST', '/uploads', { headers: withToken, body: JSON.stringify(limits) });
  expect([answer.status, header(answer, 'cache-control')]).toEqual([201, 'no-store']);
  return (await answer.json()) as UploadAnswer;
}

const put = (url: string, body: Uint8Array<ArrayBuffer> = picture, headers: Record<string, string> = {}) =>
  running.send('PUT', url, { body, headers });
const statusOf = async (url: string, body?: Uint8Array<ArrayBuffer>) => (await put(url, body)).status;
const exists = async (id: string) => (await running.get(`/originals/${id}/info`, withToken)).status === 200;

describe('POST /uploads', () => {
  it('takes names of formats as well as media types', async () => {
    expect(await createUpload({ types: ['jpg', 'image/png', 'image/jpeg'] })).toMatchObject({
      types: ['image/jpeg', 'image/png'],
    });
  });

  it('shows the value that was received as it was sent', async () => {
    const answer = await running.send('POST', '/uploads', { headers: withToken, body: '{"types":["bmp"]}' });
    expect(await answer.json()).toMatchObject({ detail: expect.stringMatching(/but received \["bmp"\]$/) });
  });

  it.each(['{"expiry":null}', '{"types":["constructor"]}', '{"presets":["toString"]}', '{"__proto__":{}}', '[]'])(
    'refuses %s',
    async (body) => {
      const answer = await running.send('POST', '/uploads', { headers: withToken, body });
      expect([answer.status, await answer.json()]).toEqual([400, expect.objectContaining({ code: 'bad-request' })]);
    },
  );
});

describe('An upload token', () => {
  it('lets somebody without a token store one picture under its id, with the variants it names', async () => {
    const { url } = await createUpload({ id: 'avatar:7', presets: ['thumb'] });
    const answer = await put(url);
    expect([answer.status, await answer.json()]).toEqual([
      201,
      expect.objectContaining({
        id: 'avatar:7',
        variants: [expect.objectContaining({ name: 'thumb', error: null, mediaType: 'image/webp' })],
      }),
    ]);
    expect((await running.get('/img/avatar:7/thumb')).status).toBe(200);
  });

  it('has a new id where none is said', async () => {
    const { url, id } = await createUpload();
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
    expect([await statusOf(url), await exists(id)]).toEqual([201, true]);
  });

  it('is refused when it is used again, also after a restart', async () => {
    const { url } = await createUpload({ id: 'once' });
    const other = await createUpload({ id: 'kept' });
    expect([await statusOf(url), await statusOf(url, await solid('#0000ff'))]).toEqual([201, 410]);
    running = await running.restart();
    expect([await statusOf(url, await solid('#0000ff')), await statusOf(other.url)]).toEqual([410, 201]);
  });

  it('used by many at once stores one picture', async () => {
    const { url } = await createUpload({ id: 'raced' });
    const bodies = await Promise.all(['#110000', '#220000', '#330000', '#440000'].map((colour) => solid(colour)));
    const statuses = await Promise.all(bodies.map((body) => statusOf(url, body)));
    expect([...statuses].sort((a, b) => a - b)).toEqual([201, 410, 410, 410]);
  });

  it('is over when its time is', async () => {
    const { url, expiry } = await createUpload({ id: 'late', expiry: '10m' });
    vi.useFakeTimers({ toFake: ['Date'], now: Date.parse(expiry) - 1000 });
    const early = await createUpload({ id: 'early' });
    vi.setSystemTime(Date.parse(expiry));
    expect([await statusOf(url), await exists('late'), await statusOf(early.url)]).toEqual([410, false, 201]);
  });

  it.each(['unknown', `zzzzzzz-${'A'.repeat(32)}`, '..', '%2e%2e', '', 'a'.repeat(300), '__proto__', '1-x'])(
    'that nobody gave opens nothing: "%s"',
    async (token) => {
      const status = await statusOf(`/uploads/${token}`);
      expect(token === '' ? 404 : 410).toBe(status);
    },
  );

  it('cannot be found in the store', async () => {
    const { token } = await createUpload({ id: 'hidden' });
    const { entries } = await running.tintype.store.list('u/', { limit: 1000 });
    expect(entries.length).toBeGreaterThan(0);
    for (const { key } of entries) {
      const blob = await running.tintype.store.get(key);
      expect(`${key} ${new TextDecoder().decode(blob?.bytes)}`).not.toContain(token.slice(8));
    }
  });

  it('is in no line of the log', async () => {
    const { url, token } = await createUpload({ id: 'quiet' });
    await put(url);
    expect(JSON.stringify(running.log)).not.toContain(token.slice(8));
  });
});

describe('An upload token is bound', () => {
  it('to so many bytes, declared or not, and can be tried again', async () => {
    const { url } = await createUpload({ id: 'small', bytes: picture.byteLength });
    const big = new Uint8Array(picture.byteLength + 1);
    const declared = await put(url, big, { 'content-length': String(big.byteLength) });
    expect([declared.status, await statusOf(url, big), await exists('small')]).toEqual([413, 413, false]);
    expect(await statusOf(url)).toBe(201);
  });

  it('to media types', async () => {
    const { url } = await createUpload({ id: 'jpeg', types: ['image/jpeg'] });
    expect([await statusOf(url), await exists('jpeg')]).toEqual([415, false]);
    expect(await statusOf(url, await solid('#ff8800', 64, 48, 'jpeg'))).toBe(201);
  });

  it('to the length of a side', async () => {
    const { url } = await createUpload({ id: 'short', sides: 63 });
    expect([await statusOf(url), await exists('short')]).toEqual([422, false]);
    expect(await statusOf(url, await solid('#ff8800', 63, 48))).toBe(201);
  });

  it('to its id: the query has no say', async () => {
    const { url } = await createUpload({ id: 'bound' });
    expect((await put(`${url}?id=other`)).status).toBe(400);
    expect(await statusOf(url)).toBe(201);
  });
});

describe('Whoever asks for an upload token', () => {
  it.each([
    [{ bytes: 0 }, 'bytes'],
    [{ bytes: 1e12 }, 'bytes'],
    [{ bytes: '5' }, 'bytes'],
    [{ id: 5 }, 'id'],
    [{ id: '../x' }, 'id'],
    [{ types: ['image/heic'] }, 'types'],
    [{ types: [] }, 'types'],
    [{ sides: 1.5 }, 'sides'],
    [{ presets: ['nosuch'] }, 'presets'],
    [{ presets: ['__proto__'] }, 'presets'],
    [{ expiry: '8d' }, 'expiry'],
    [{ expiry: '2001-01-01T00:00:00Z' }, 'expiry'],
    [{ expiry: 900 }, 'expiry'],
    [{ size: 1 }, 'size'],
    [[], 'object'],
    [null, 'object'],
  ])('is told what is wrong with %j', async (body, about) => {
    const answer = await running.send('POST', '/uploads', { headers: withToken, body: JSON.stringify(body) });
    expect([answer.status, ((await answer.json()) as { detail: string }).detail]).toEqual([
      400,
      expect.stringContaining(about),
    ]);
  });

  it('needs a token', async () => {
    expect((await running.send('POST', '/uploads', { body: '{}' })).status).toBe(401);
  });
});

describe('Upload tokens that are long over', () => {
  it('are swept away', async () => {
    const uploadTokens = new UploadTokens(running.tintype.store);
    await createUpload({ id: 'swept', expiry: '10s' });
    const count = async () => (await running.tintype.store.list('u/', { limit: 1000 })).entries.length;
    const before = await count();
    await uploadTokens.sweep(Date.now() / 1000, () => true);
    expect(await count()).toBe(before);
    await uploadTokens.sweep(Date.now() / 1000 + 8 * 86_400, () => false);
    expect(await count()).toBe(before);
    await uploadTokens.sweep(Date.now() / 1000 + 8 * 86_400, () => true);
    expect(await count()).toBe(0);
  });
});
