import { Hono } from 'hono';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ClientAddress } from '../../src/http/auth/client-address.ts';
import { type RunWithinRequest, renderingFor } from '../../src/http/image/rendering-deadline.ts';
import type { Env } from '../../src/http/message/route.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => void vi.useRealTimers());

/** The rendering of a request with seven seconds for all its renders. */
async function request(signal: AbortSignal | null = null): Promise<RunWithinRequest> {
  const renderings: RunWithinRequest[] = [];
  const app = new Hono<Env>();
  app.get('/', (context) => {
    renderings.push(renderingFor(context, { clientAddress: new ClientAddress([]), requestLimit: 7000 }));
    return context.body(null);
  });
  await app.request('/', { signal });
  const [rendering] = renderings;
  if (rendering === undefined) throw new Error('Expected a request');
  return rendering;
}

const after = (milliseconds: number) => new Promise<string>((resolve) => setTimeout(resolve, milliseconds, 'done'));

describe('All renders of a request', () => {
  it('share its time: the second is ended where the first left too little, and leaves what it waits for', async () => {
    const rendering = await request();
    const first = rendering(() => after(4000));
    await vi.advanceTimersByTimeAsync(4000);
    expect(await first).toBe('done');
    const signals: AbortSignal[] = [];
    const second = rendering((asker) => {
      if (asker.signal !== null) signals.push(asker.signal);
      return after(60_000);
    }).catch((thrown: unknown) => thrown);
    await vi.advanceTimersByTimeAsync(2999);
    expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
    await vi.advanceTimersByTimeAsync(1);
    expect(await second).toMatchObject({ kind: 'deadline' });
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
    await expect(rendering(() => after(1))).rejects.toMatchObject({ kind: 'deadline' });
  });

  it('begin to count with the first: what was read before costs them nothing', async () => {
    const rendering = await request();
    await vi.advanceTimersByTimeAsync(60_000);
    const first = rendering(() => after(6900));
    await vi.advanceTimersByTimeAsync(6900);
    expect(await first).toBe('done');
  });

  it('are left when the client goes away', async () => {
    const client = new AbortController();
    const rendering = await request(client.signal);
    const left = rendering(
      ({ signal }) => new Promise((resolve) => signal?.addEventListener('abort', () => resolve('left'))),
    );
    client.abort();
    expect(await left).toBe('left');
  });
});
