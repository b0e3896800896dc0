import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { tintypeOnPort } from '../support/listening.ts';
import { secret, solid, withToken } from '../support/tintype.ts';

let running: Awaited<ReturnType<typeof tintypeOnPort>>;
const picture = await solid('#ff8800');

beforeAll(async () => {
  running = await tintypeOnPort({ TINTYPE_WORKERS: 'none', TINTYPE_TRUSTED_PROXIES: '127.0.0.1' });
});
afterAll(() => running.close());
afterEach(() => vi.useRealTimers());

async function present(token: string, client: string) {
  const headers = { authorization: `Bearer ${token}`, 'x-forwarded-for': client };
  return fetch(`http://127.0.0.1:${running.port}/originals`, { headers });
}

const unknownUpload = (time: number) => `zzzzzz-${String(time).padStart(32, 'A')}`;

async function upload(token: string, client: string) {
  const headers = { 'x-forwarded-for': client };
  return fetch(`http://127.0.0.1:${running.port}/uploads/${token}`, { method: 'PUT', headers, body: picture });
}

describe('Threat F7: a client that guesses tokens', () => {
  it('is refused after twenty wrong ones in a minute; other clients are not', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const statuses = [];
    for (let time = 0; time < 21; time++) {
      const answer = await present(`guess-number-${time}-of-many`, '1.1.1.1');
      statuses.push(answer.status);
      if (time < 20) continue;
      const { headers } = answer;
      expect([headers.get('retry-after'), headers.get('ratelimit')]).toEqual(['60', '"tokens";r=0;t=60']);
    }
    expect(statuses).toEqual([...Array.from({ length: 20 }, () => 401), 429]);
    expect((await present('a-wrong-one-by-another', '2.2.2.2')).status).toBe(401);
    vi.advanceTimersByTime(60_001);
    expect((await present('a-wrong-one-a-minute-later', '1.1.1.1')).status).toBe(401);
  });

  it('does not lock out a right token from the same address', async () => {
    for (let time = 0; time < 30; time++) await present(`guess-number-${time}-of-many`, '4.4.4.4');
    expect((await present(secret, '4.4.4.4')).status).toBe(200);
    expect((await present('still-a-wrong-one', '4.4.4.4')).status).toBe(429);
  });

  it('does not lock out a right upload token from the same address', async () => {
    const statuses = [];
    for (let time = 0; time < 21; time++) statuses.push((await upload(unknownUpload(time), '5.5.5.5')).status);
    expect(statuses).toEqual([...Array.from({ length: 20 }, () => 410), 429]);
    const answer = await running.send('POST', '/uploads', { headers: withToken, body: '{}' });
    const { token } = (await answer.json()) as { token: string };
    expect((await upload(token, '5.5.5.5')).status).toBe(201);
  });

  it('leaves no token in the log', async () => {
    await present('the-canary-of-the-guesser', '3.3.3.3');
    expect(JSON.stringify([running.log, running.reports])).not.toMatch(/canary|a-token-of-our-own/);
  });
});
