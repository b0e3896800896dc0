import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { header, middle, type Running, solid, startTintype, withToken } from '../support/tintype.ts';

const hour = 3_600_000;
let server: Running;

beforeAll(async () => {
  server = await startTintype();
});
afterAll(() => server.close());
beforeEach(() => vi.useFakeTimers({ toFake: ['Date'] }));
afterEach(() => vi.useRealTimers());

const tier = async (path: string) => header(await server.get(path), 'cache-status');

describe.each([
  ['an hour ahead', hour],
  ['an hour back', -hour],
])('Threat K5: a clock that is set %s', (_what, jump) => {
  const id = `cat-${jump > 0 ? 'on' : 'back'}`;

  it('makes nobody render again, and nothing older or newer than it is', async () => {
    await server.put(id, await solid('#ff0000'));
    const path = `/img/${id}/f_png,w_8`;
    const before = await server.get(path);
    vi.setSystemTime(Date.now() + jump);
    expect(await tier(path)).toBe('tintype; hit; detail=memory');
    const after = await server.get(path);
    for (const field of ['etag', 'cache-control', 'age', 'last-modified']) {
      expect([field, after.headers.get(field)]).toEqual([field, before.headers.get(field)]);
    }
  });

  it('hides no upload, no purge and no deletion that come after it', async () => {
    const path = `/img/${id}/f_png,w_8`;
    vi.setSystemTime(Date.now() + jump);
    await server.put(id, await solid('#0000ff'));
    expect(await middle(await server.get(path))).toBe('#0000ff');
    await server.send('POST', '/purge', { headers: withToken, body: JSON.stringify({ ids: [id] }) });
    expect(await tier(path)).toContain('fwd=miss');
    vi.setSystemTime(Date.now() - jump);
    await server.send('POST', '/purge', { headers: withToken, body: JSON.stringify({ ids: [id] }) });
    expect(await tier(path)).toContain('fwd=miss');
    expect((await server.send('DELETE', `/originals/${id}`, { headers: withToken })).status).toBeLessThan(300);
    expect((await server.get(path)).status).toBe(404);
    await server.put(id, await solid('#00ff00'));
    expect(await middle(await server.get(path))).toBe('#00ff00');
  });
});
