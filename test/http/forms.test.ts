import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { header, middle, type Running, solid, startTintype, withToken } from '../support/tintype.ts';

let server: Running;
let red: Uint8Array<ArrayBuffer>;

beforeAll(async () => {
  server = await startTintype({ TINTYPE_MAX_BYTES: '1MB' });
  red = await solid('#ff0000');
});
afterAll(() => server.close());

type Part = readonly [name: string, value: string | Uint8Array<ArrayBuffer>];

/** A form as a browser sends it, its parts in this order. */
async function post(parts: readonly Part[], headers: Record<string, string> = {}, shorter = 0): Promise<Response> {
  const form = new FormData();
  for (const [name, value] of parts) {
    if (typeof value === 'string') form.append(name, value);
    else form.append(name, new Blob([value]), 'C:\\fakepath\\photo.exe');
  }
  const sent = new Response(form);
  const body = new Uint8Array(await sent.arrayBuffer());
  const type = { 'content-type': sent.headers.get('content-type') ?? '' };
  return server.send('POST', '/originals', {
    headers: { ...withToken, ...type, ...headers },
    body: body.slice(0, body.length - shorter),
  });
}

const postJson = (body: unknown, headers: Record<string, string> = {}) =>
  server.send('POST', '/originals', {
    headers: { ...withToken, 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
const dataUrl = (bytes: Uint8Array) => `data:image/png;base64,${Buffer.from(bytes).toString('base64')}`;

describe('A form', () => {
  it.each([
    [
      'before',
      [
        ['id', 'before'],
        ['tags', 'a,b'],
        ['focal', '0.25,0.75'],
      ],
      [],
    ],
    [
      'behind',
      [],
      [
        ['id', 'behind'],
        ['tags', 'a,b'],
        ['focal', '0.25,0.75'],
      ],
    ],
  ] as const)('may say its id, tags and focal point %s its file', async (id, first, last) => {
    const answer = await post([...first, ['file', red], ...last]);
    expect([answer.status, header(answer, 'location')]).toEqual([201, `/originals/${id}`]);
    expect(await answer.json()).toMatchObject({ id, tags: ['a', 'b'], focalPoint: [0.25, 0.75] });
    expect(await middle(await server.get(`/img/${id}/f_png`))).toBe('#ff0000');
  });

  it('without an id, or with an empty one, gets ids that sort by time (UUIDv7)', async () => {
    const ids: string[] = [];
    for (const parts of [
      [['file', red]],
      [
        ['id', ''],
        ['file', red],
      ],
    ] as const) {
      const { id } = (await (await post(parts)).json()) as { id: string };
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      expect(Math.abs(Number.parseInt(id.replace('-', '').slice(0, 12), 16) - Date.now())).toBeLessThan(60_000);
      ids.push(id);
    }
    expect(new Set(ids).size).toBe(2);
  });

  it('to a taken id replaces, or is refused where it must be new', async () => {
    await post([
      ['id', 'taken'],
      ['file', red],
    ]);
    const blue = await solid('#0000ff');
    expect(
      (
        await post(
          [
            ['id', 'taken'],
            ['file', blue],
          ],
          { 'if-none-match': '*' },
        )
      ).status,
    ).toBe(412);
    expect(
      (
        await post([
          ['file', blue],
          ['id', 'taken'],
        ])
      ).status,
    ).toBe(200);
    expect(await middle(await server.get('/img/taken/f_png'))).toBe('#0000ff');
  });

  it.each<[string, readonly Part[], number, string]>([
    ['no file', [['tags', 'a']], 400, 'bad-request'],
    ['nothing at all', [], 400, 'bad-request'],
    ['a file of another name', [['photo', new Uint8Array(9)]], 400, 'bad-request'],
    [
      'two files',
      [
        ['file', new Uint8Array(9)],
        ['file', new Uint8Array(9)],
      ],
      400,
      'bad-request',
    ],
    [
      'an unknown field',
      [
        ['color', 'red'],
        ['file', new Uint8Array(9)],
      ],
      400,
      'bad-request',
    ],
    [
      'a field twice',
      [
        ['tags', 'a'],
        ['tags', 'b'],
        ['file', new Uint8Array(9)],
      ],
      400,
      'bad-request',
    ],
    [
      'a field that is long',
      [
        ['tags', 'a'.repeat(5000)],
        ['file', new Uint8Array(9)],
      ],
      400,
      'bad-request',
    ],
    [
      'an unknown field behind its file',
      [
        ['file', new Uint8Array(9)],
        ['color', 'red'],
      ],
      400,
      'bad-request',
    ],
    [
      'an id that is none',
      [
        ['file', new Uint8Array(9)],
        ['id', '../x'],
      ],
      400,
      'bad-words',
    ],
    ['a file that is no picture', [['file', new Uint8Array(9)]], 415, 'not-an-image'],
    ['an empty file', [['file', new Uint8Array()]], 415, 'not-an-image'],
    ['a file that is too big', [['file', new Uint8Array(1024 * 1024 + 1)]], 413, 'too-big'],
    ['a file as large as may be, and no picture', [['file', new Uint8Array(1024 * 1024)]], 415, 'not-an-image'],
  ])('with %s is refused', async (_what, parts, status, code) => {
    const answer = await post(parts);
    expect([answer.status, await answer.json()]).toMatchObject([status, { code }]);
  });

  it.each([3, 10, 60, 200])('that ends %i bytes early is refused', async (shorter) => {
    const answer = await post([['file', red]], {}, shorter);
    expect([answer.status, await answer.json()]).toMatchObject([400, { code: 'bad-request' }]);
  });

  it.each([
    ['multipart/form-data', 400],
    ['multipart/form-data; boundary=', 400],
    ['multipart/form-data; boundary=other', 400],
    ['text/plain', 415],
    ['', 415],
  ])('of type "%s" is refused', async (type, status) => {
    expect((await post([['file', red]], { 'content-type': type })).status).toBe(status);
  });

  it('leaves nothing in the folder of uploads, however it ended', async () => {
    const { entries } = await server.tintype.store.list('o/', { limit: 1000 });
    expect(entries.filter(({ key }) => key.includes('upload'))).toEqual([]);
  });
});

describe('A data: URL', () => {
  it('is stored, and comes out as it went in', async () => {
    const answer = await postJson({ dataUrl: dataUrl(red), id: 'text', tags: ['t'], focalPoint: [0, 1] });
    expect(answer.status).toBe(201);
    expect(await answer.json()).toMatchObject({ id: 'text', tags: ['t'], focalPoint: [0, 1] });
    const out = await server.get('/originals/text?encoding=data-url', withToken);
    expect([out.status, header(out, 'content-type')]).toEqual([200, 'text/plain; charset=utf-8']);
    const text = await out.text();
    expect(text).toBe(dataUrl(red));
    expect(header(out, 'content-length')).toBe(String(text.length));
    const head = await server.send('HEAD', '/originals/text?encoding=data-url', { headers: withToken });
    expect([header(head, 'content-length'), header(head, 'etag')]).toEqual([String(text.length), header(out, 'etag')]);
  });

  it('has a tag of its own, by which it need not be sent again', async () => {
    const etag = header(await server.get('/originals/text?encoding=data-url', withToken), 'etag');
    expect(etag).not.toBe(header(await server.get('/originals/text', withToken), 'etag'));
    const again = await server.get('/originals/text?encoding=data-url', { ...withToken, 'if-none-match': etag });
    expect(again.status).toBe(304);
  });

  it('may be percent-encoded, and is what its bytes say', async () => {
    const encoded = [...red].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
    expect(await (await postJson({ dataUrl: `data:text/html,${encoded}` })).json()).toMatchObject({ format: 'png' });
  });

  it.each<[unknown, number]>([
    [{ dataUrl: 'http://example.com/a.png' }, 400],
    [{ dataUrl: 'data:image/png;base64' }, 400],
    [{ dataUrl: 'data:image/png;base64,***' }, 400],
    [{ dataUrl: 'data:,' }, 415],
    [{ dataUrl: 7 }, 400],
    [{}, 400],
    [[], 400],
    [{ dataUrl: 'data:,x', color: 'red' }, 400],
    [{ dataUrl: 'data:,x', id: 7 }, 400],
    [{ dataUrl: 'data:,x', tags: 'a' }, 400],
    [{ dataUrl: 'data:,x', metadata: {} }, 400],
    [{ dataUrl: `data:,${'x'.repeat(1024 * 1024 + 1)}` }, 413],
  ])('is refused as %j', async (body, status) => {
    expect((await postJson(body)).status).toBe(status);
  });
});
