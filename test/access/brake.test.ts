import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { tintypeOnPort } from '../support/listening.ts';
import { secret } from '../support/tintype.ts';

let running: Awaited<ReturnType<typeof tintypeOnPort>>;
beforeAll(async () => {
  running = await tintypeOnPort({ TINTYPE_WORKERS: 'none', TINTYPE_TRUSTED_PROXIES: '127.0.0.1' });
});
afterAll(() => running.close());
afterEach(() => vi.useRealTimers());

async function present(token: string, client: string) {
  const headers = { authorization: `Bearer ${token}`, 'x-forwarded-for': client };
  return fetch(`http://127.0.0.1:${running.port}/originals`, { headers });
}

describe('Threat F7: who guesses tokens', () => {
  it('is refused after twenty wrong ones, also with the right one; others are not, and neither is he a minute later', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    for (let time = 0; time < 20; time++)
      expect((await present(`guess-number-${time}-of-many`, '1.1.1.1')).status).toBe(401);
    const refused = await present(secret, '1.1.1.1');
    expect([refused.status, refused.headers.get('retry-after'), refused.headers.get('ratelimit')]).toEqual([
      429,
      '60',
      '"tokens";r=0;t=60',
    ]);
    expect((await present(secret, '2.2.2.2')).status).toBe(200);
    vi.advanceTimersByTime(60_001);
    expect((await present(secret, '1.1.1.1')).status).toBe(200);
  });

  it('leaves no token in the log', async () => {
    await present('the-canary-of-the-guesser', '3.3.3.3');
    expect(JSON.stringify([running.log, running.reports])).not.toMatch(/canary|a-token-of-our-own/);
  });
});
