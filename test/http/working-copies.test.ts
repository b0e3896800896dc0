import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { drawPhoto } from '../support/photo.ts';
import { type Running, startTintype, withToken } from '../support/tintype.ts';

let running: Running;

beforeAll(async () => {
  running = await startTintype();
});

afterAll(() => running.close());

async function copies(): Promise<unknown> {
  const stats = (await (await running.get('/stats', withToken)).json()) as { readonly copies: unknown };
  return stats.copies;
}

async function eventsOf(event: string): Promise<number> {
  const text = await (await running.get('/metrics', withToken)).text();
  return Number(new RegExp(`^tintype_copy_events_total\\{event="${event}"\\} (\\d+)`, 'm').exec(text)?.[1] ?? 0);
}

describe('Working copies', () => {
  it('are seen in /stats and /metrics, and change neither names nor what purges and deletions promise', async () => {
    expect(await copies()).toEqual({ count: 0, bytes: 0 });
    await running.put('cat', await drawPhoto(1600, 1200, { format: 'png' }));
    const first = await running.get('/img/cat/w_400,f_webp');
    expect(first.status).toBe(200);
    await vi.waitFor(async () => expect(await copies()).toMatchObject({ count: 1 }), { timeout: 30_000 });
    const named = await running.get('/img/cat/w_300,f_webp', { 'If-None-Match': 'W/"unknown"' });
    expect(await eventsOf('used')).toBe(1);
    // A purge makes all names anew, and takes the copy.
    expect((await running.send('DELETE', '/img/cat', { headers: withToken })).status).toBe(200);
    expect(await copies()).toEqual({ count: 0, bytes: 0 });
    const again = await running.get('/img/cat/w_300,f_webp');
    expect(again.headers.get('etag')).not.toBe(named.headers.get('etag'));
    await vi.waitFor(async () => expect(await copies()).toMatchObject({ count: 1 }), { timeout: 30_000 });
    expect((await running.send('DELETE', '/originals/cat', { headers: withToken })).status).toBe(204);
    expect(await copies()).toEqual({ count: 0, bytes: 0 });
    expect(await eventsOf('lost')).toBe(0);
  });
});
