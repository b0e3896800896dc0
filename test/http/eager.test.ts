import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { header, type Running, sizeOf, solid, startTintype, withToken } from '../support/tintype.ts';

interface Shown {
  readonly id: string;
  readonly status: string;
  readonly progress: number;
  readonly error: string | null;
  readonly variants: readonly Shown[];
  readonly results: readonly Shown[];
  readonly name: string;
  readonly url: string;
  readonly width: number | null;
  readonly height: number | null;
  readonly bytes: number | null;
}

let server: Running;
const picture = await solid('#ff8800', 400, 300);

beforeAll(async () => {
  server = await startTintype({ TINTYPE_MAX_OUTPUT: '1MP' });
});
afterAll(() => server.close());

const read = async (answer: Response) => (await answer.json()) as Shown;
const put = async (target: string, headers: Record<string, string> = {}) => server.put(target, picture, headers);

/** Polls as a client does; the test's own time limit is the end of it. */
async function ended(location: string): Promise<Shown> {
  for (;;) {
    const job = await read(await server.get(location, withToken));
    if (job.status === 'complete' || job.status === 'failed') return job;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('Variants wanted at upload', () => {
  it('are made before the answer, which lists each', async () => {
    const { variants } = await read(await put('cat?eager=thumb%3Bw_40%2Cf_png%3Bc_fill,h_10,w_10/e_sepia'));
    expect(variants.map(({ name, url, width, height, error }) => [name, url, width, height, error])).toEqual([
      ['thumb', '/img/cat/thumb/cat.webp', 150, 113, null],
      ['w_40,f_png', '/img/cat/w_40,f_png/cat.png', 40, 30, null],
      ['c_fill,h_10,w_10/e_sepia', '/img/cat/c_fill,h_10,w_10/e_sepia/cat.png', 10, 10, null],
    ]);
    for (const { url, width, height, bytes } of variants) {
      const answer = await server.get(url);
      expect(header(answer, 'cache-status')).toContain('hit');
      expect(Number(header(answer, 'content-length'))).toBe(bytes);
      expect((await sizeOf(answer)).slice(0, 2)).toEqual([width, height]);
    }
  });

  it('that cannot be made say why, beside those that can; the original is there whatever happens', async () => {
    const answer = await put('lost?eager=thumb;c_scale,h_8000,w_8000;w_20');
    expect(answer.status).toBe(201);
    const { variants } = await read(answer);
    expect(variants.map(({ width, error }) => [width, error === null])).toEqual([
      [150, true],
      [null, false],
      [20, true],
    ]);
    expect(variants[1]?.error).toContain('8000');
    expect((await server.get('/originals/lost', withToken)).status).toBe(200);
  });

  it('are of the format and the quality that a client gets who can show everything', async () => {
    // A better quality may be found between the upload and the request; the next upload goes by it.
    await vi.waitFor(async () => {
      const { variants } = await read(await put('best?eager=f_auto,w_60;f_webp,q_auto,w_61'));
      for (const { url, error } of variants) {
        const answer = await server.get(url, { accept: 'image/avif,image/webp,*/*' });
        expect([answer.status, error, header(answer, 'cache-status').includes('hit')]).toEqual([200, null, true]);
      }
      const urls = variants.map(({ url }) => url);
      expect(urls).toEqual(['/img/best/f_auto,w_60', '/img/best/f_webp,q_auto,w_61/best.webp']);
    }, 30_000);
  });

  it('are found by the name of their preset', async () => {
    const answer = await server.get('/originals/cat/variants/thumb');
    expect([answer.status, header(answer, 'location')]).toEqual([302, '/img/cat/thumb/cat.webp']);
  });

  it.each([
    ['an unknown word', 'nonsense', 400, 'bad-words'],
    ['one among good ones', 'thumb;x_', 400, 'bad-words'],
    ['an empty one', 'thumb;', 400, 'bad-words'],
    ['the original itself', 'f_orig', 400, 'bad-request'],
    ['a signature', 's--abc--/w_10', 400, 'bad-request'],
    ['seventeen', Array.from({ length: 17 }, () => 'thumb').join(';'), 400, 'bad-request'],
  ])('are refused before anything is stored: %s', async (_what, eager, status, code) => {
    const answer = await put(`nothing?eager=${eager}`);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ code });
    expect((await server.get('/originals/nothing', withToken)).status).toBe(404);
  });

  it('come with a form and with JSON too', async () => {
    const form = new FormData();
    form.set('file', new Blob([picture]), 'x.png');
    const request = new Request('http://x/', { method: 'POST', body: form });
    const body = new Uint8Array(await request.arrayBuffer());
    const headers = { ...withToken, 'content-type': request.headers.get('content-type') ?? '' };
    const { variants } = await read(await server.send('POST', '/originals?eager=thumb', { body, headers }));
    expect(variants).toMatchObject([{ name: 'thumb', width: 150 }]);
  });
});

describe('Prefer: respond-async', () => {
  const later = { prefer: 'wait=10, respond-async' };

  it('answers at once with a job that can be polled to its end', async () => {
    const answer = await put('slow?eager=thumb;medium;w_10;w_20;w_30;w_50', later);
    expect([answer.status, header(answer, 'preference-applied')]).toEqual([202, 'respond-async']);
    expect(await read(answer.clone())).toMatchObject({ results: [], error: null });
    expect((await server.get('/originals/slow', withToken)).status).toBe(200);
    const job = await ended(header(answer, 'location'));
    expect(job).toMatchObject({ status: 'complete', progress: 1, error: null });
    expect(job.results.map(({ name, width }) => [name, width])).toEqual([
      ['thumb', 150],
      ['medium', 400],
      ['w_10', 10],
      ['w_20', 20],
      ['w_30', 30],
      ['w_50', 50],
    ]);
    const { variants } = await read(await server.get('/originals/slow/info', withToken));
    expect(variants).toHaveLength(6);
  });

  it('completes where one of them cannot be made, and says why', async () => {
    const job = await ended(header(await put('partly?eager=c_scale,h_8000,w_8000;thumb', later), 'location'));
    expect(job).toMatchObject({ status: 'complete', results: [{ width: null }, { width: 150, error: null }] });
  });

  it('has little to do without variants', async () => {
    expect(await ended(header(await put('plain', later), 'location'))).toMatchObject({
      status: 'complete',
      results: [],
    });
  });

  it('still refuses a file at once', async () => {
    const body = new TextEncoder().encode('no picture');
    const headers = { ...withToken, ...later };
    expect((await server.send('PUT', '/originals/bad?eager=thumb', { body, headers })).status).toBe(415);
  });

  it('fails a job whose original is gone', async () => {
    const job = await server.tintype.jobs.add({ kind: 'variants', input: { id: 'gone', names: ['thumb'] } });
    expect(await ended(`/jobs/${job.id}`)).toMatchObject({
      status: 'failed',
      error: expect.stringContaining('"gone"'),
    });
  });
});

describe('Where URLs need a signature', () => {
  it('the URLs of variants have one', async () => {
    const signing = await startTintype({ TINTYPE_SIGNING_KEYS: 'a-key-of-thirty-two-bytes-or-more!' });
    const { variants } = await read(await signing.put('cat?eager=thumb', picture));
    const led = header(await signing.get('/originals/cat/variants/thumb', withToken), 'location');
    expect(led).toBe(variants[0]?.url);
    expect([(await signing.get(led)).status, (await signing.get('/img/cat/thumb')).status]).toEqual([200, 403]);
    await signing.close();
  });
});
