import { describe, expect, it } from 'vitest';
import { onPort } from '../support/listening.ts';
import { dial, head, statuses } from '../support/wire.ts';

/** Answers when it is told to. */
function held() {
  let ask = (): void => {};
  let answer = (): void => {};
  const asked = new Promise<void>((resolve) => {
    ask = resolve;
  });
  const answered = new Promise<Response>((resolve) => {
    answer = () => resolve(new Response('late'));
  });
  const fetch = () => {
    ask();
    return answered;
  };
  return { fetch, asked, answer: () => answer() };
}

describe('While a server ends', () => {
  it('every answer closes its connection, also to a request that had begun', async () => {
    const slow = held();
    const { server, port } = await onPort((request) =>
      request.url.endsWith('/slow') ? slow.fetch() : new Response('ok'),
    );
    const [kept, busy] = [await dial(port), await dial(port)];
    kept.send(head('GET /x'));
    expect(await kept.until(/ok$/)).toMatch(/^connection: keep-alive\r$/im);
    busy.send(head('GET /slow'));
    await slow.asked;
    server.beginEnd();
    kept.send(head('GET /x'));
    expect(await kept.closed).toBe('end');
    expect(kept.received()).toMatch(/^connection: close\r$/im);
    slow.answer();
    expect(await busy.closed).toBe('end');
    expect(busy.received()).toMatch(/^connection: close\r$/im);
    const fresh = await dial(port);
    fresh.send(head('GET /x'));
    expect(await fresh.closed).toBe('end');
    expect(statuses(fresh.received())).toEqual([200]);
  });

  it('busy connections finish, idle ones are closed, new ones are not taken', async () => {
    const slow = held();
    const { server, port } = await onPort((request) =>
      request.url.endsWith('/slow') ? slow.fetch() : new Response('ok'),
    );
    const [idle, busy] = [await dial(port), await dial(port)];
    idle.send(head('GET /x'));
    await idle.until(/ok$/);
    busy.send(head('GET /slow'));
    await slow.asked;
    const ended = server.end(60_000);
    expect(await idle.closed).toBe('end');
    await expect(dial(port)).rejects.toThrow('ECONNREFUSED');
    slow.answer();
    expect(await busy.closed).toBe('end');
    expect(busy.received()).toMatch(/late$/);
    expect(await ended).toBe(0);
  });

  it('a connection that becomes idle later is closed too, although its answer said keep-alive', async () => {
    const slow = held();
    const { server, port } = await onPort(() => slow.fetch());
    const busy = await dial(port);
    busy.send(head('GET /slow'));
    await slow.asked;
    const ended = server.end(60_000);
    slow.answer();
    expect(await busy.closed).toBe('end');
    expect(await ended).toBe(0);
  });

  it('what is not done in time is cut and counted', async () => {
    const slow = held();
    const { server, port } = await onPort(() => slow.fetch());
    const busy = await dial(port);
    busy.send(head('GET /slow'));
    await slow.asked;
    expect(await server.end(50)).toBe(1);
    await busy.closed;
    expect(busy.received()).toBe('');
  });
});
