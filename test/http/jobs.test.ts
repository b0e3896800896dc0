import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { header, type Running, solid, startTintype, withToken } from '../support/tintype.ts';

const picture = await solid('#ff8800', 300, 200);

/** Asks until the job has ended; the test's own time limit is the end of it. */
async function ended(server: Running, location: string): Promise<Record<string, unknown>> {
  for (;;) {
    const job = (await (await server.get(location, withToken)).json()) as Record<string, unknown>;
    if (job['status'] === 'complete' || job['status'] === 'failed') return job;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const post = (server: Running, body: unknown) =>
  server.send('POST', '/jobs', { headers: withToken, body: JSON.stringify(body) });

describe('A warm-up', () => {
  let server: Running;

  beforeAll(async () => {
    server = await startTintype({ TINTYPE_MAX_OUTPUT: '1MP' });
    for (const id of ['shop:a', 'shop:b', 'other']) {
      await server.send('PUT', `/originals/${id}?tags=${id === 'shop:a' ? 'new' : 'old'}`, {
        headers: withToken,
        body: picture,
      });
    }
  });
  afterAll(() => server.close());

  const hit = async (path: string) => header(await server.get(path), 'cache-status').includes('hit');

  it.each([
    ['a tag', { presets: ['w_31,f_png'], tag: 'new' }, ['shop:a'], { originals: 1, variants: 1, failed: 0 }],
    [
      'a prefix',
      { presets: ['thumb', 'w_32,f_png'], prefix: 'shop:' },
      ['shop:a', 'shop:b'],
      { originals: 2, variants: 4, failed: 0 },
    ],
    [
      'all',
      { presets: ['w_33,f_png', 'c_scale,h_8000,w_8000'] },
      ['shop:a', 'shop:b', 'other'],
      { originals: 3, variants: 3, failed: 3 },
    ],
  ])('makes the variants of %s and counts them', async (_what, asked, warm, result) => {
    const answer = await post(server, asked);
    expect(answer.status).toBe(202);
    expect(await ended(server, header(answer, 'location'))).toMatchObject({
      status: 'complete',
      progress: 1,
      results: [result],
    });
    const words = asked.presets.find((name) => name.startsWith('w_')) ?? '';
    const hits = await Promise.all(['shop:a', 'shop:b', 'other'].map((id) => hit(`/img/${id}/${words}`)));
    expect(['shop:a', 'shop:b', 'other'].filter((_id, index) => hits[index])).toEqual(warm);
  });

  it('of damaged originals among others counts them, and goes on', async () => {
    for (const id of ['half:a', 'half:b', 'half:c']) await server.put(id, picture);
    const { store } = server.tintype;
    const { entries } = await store.list('o/half:b/', { limit: 10 });
    await store.delete(entries.map(({ key }) => key).filter((key) => !key.endsWith('current.json')));
    const answer = await post(server, { presets: ['w_31,f_png', 'w_32,f_png'], prefix: 'half:' });
    expect(await ended(server, header(answer, 'location'))).toMatchObject({
      status: 'complete',
      results: [{ originals: 3, variants: 4, failed: 2 }],
    });
  });

  it.each([
    ['no presets', {}],
    ['an empty list', { presets: [] }],
    ['presets that are no texts', { presets: [1] }],
    ['a text', '"thumb"'],
    ['nothing', null],
    ['an unknown member', { presets: ['thumb'], since: '7d' }],
    ['both selections', { presets: ['thumb'], tag: 'a', prefix: 'b' }],
    ['a tag that is none', { presets: ['thumb'], tag: 'a b' }],
    ['a prefix that is no text', { presets: ['thumb'], prefix: 7 }],
    ['seventeen presets', { presets: Array.from({ length: 17 }, () => 'thumb') }],
  ])('is refused with %s', async (_what, body) => {
    const answer = await post(server, body);
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([400, 'bad-request']);
  });
});

interface Heard {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

describe('A webhook', () => {
  const closing: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0).toReversed()) await close();
  });

  /** Somebody who answers with these statuses, one after another, then with 204. */
  async function receiver(statuses: readonly number[]) {
    const heard: Heard[] = [];
    let ring = () => {};
    const server = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (chunk: string) => {
        body += chunk;
      });
      request.on('end', () => {
        heard.push({ headers: request.headers, body });
        response.writeHead(statuses[heard.length - 1] ?? 204).end();
        ring();
      });
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    closing.push(() => new Promise((resolve) => server.close(resolve)));
    const times = async (count: number) => {
      while (heard.length < count) {
        await new Promise<void>((resolve) => {
          ring = resolve;
        });
      }
    };
    return { heard, times, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook` };
  }

  async function telling(url: string, secret: string): Promise<Running> {
    const server = await startTintype({ TINTYPE_WEBHOOK: url, TINTYPE_WEBHOOK_SECRET: secret });
    closing.push(() => server.close());
    return server;
  }

  const secret = `whsec_${Buffer.from('a secret of thirty-two bytes....').toString('base64')}`;

  it('tells what came of a job, signed as Standard Webhooks has it', async () => {
    const { heard, times, url } = await receiver([]);
    const server = await telling(url, secret);
    const answer = await server.put('cat?eager=thumb', picture, { prefer: 'respond-async' });
    await times(1);
    const job = await ended(server, header(answer, 'location'));
    const [{ headers, body }] = heard as [Heard];
    expect(JSON.parse(body)).toMatchObject({ type: 'job.complete', data: job });
    const [id, seconds] = [headers['webhook-id'], headers['webhook-timestamp']];
    const key = Buffer.from('a secret of thirty-two bytes....');
    const signature = createHmac('sha256', key)
      .update(`${String(id)}.${String(seconds)}.${body}`)
      .digest('base64');
    expect(headers['webhook-signature']).toBe(`v1,${signature}`);
    expect([headers['content-type'], Math.abs(Date.now() / 1000 - Number(seconds)) < 60]).toEqual([
      'application/json',
      true,
    ]);
  });

  it('that is not taken is sent again under the same id', async () => {
    const { heard, times, url } = await receiver([500]);
    const server = await telling(url, 'plain-text-of-a-secret');
    await server.put('cat', picture, { prefer: 'respond-async' });
    await times(2);
    expect(new Set(heard.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(new Set(heard.map(({ body }) => body)).size).toBe(1);
  });

  it('that is gone for good is not sent again, and the job says so', async () => {
    const { heard, times, url } = await receiver([410]);
    const server = await telling(url, secret);
    const answer = await server.put('cat', picture, { prefer: 'respond-async' });
    await times(1);
    const told = await ended(server, `${header(answer, 'location')}-webhook`);
    expect([told['status'], String(told['error']).includes('410'), heard.length]).toEqual(['failed', true, 1]);
  });

  it('without a secret stops the start', async () => {
    await expect(startTintype({ TINTYPE_WEBHOOK: 'https://hooks.example' })).rejects.toThrow('TINTYPE_WEBHOOK_SECRET');
  });
});
