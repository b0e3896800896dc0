import { describe, expect, it, onTestFinished } from 'vitest';
import { startServer } from '../support/server-process.ts';
import { dial, head, statuses } from '../support/wire.ts';

describe('A connection that a load balancer keeps', () => {
  it('is still good after 70 idle seconds, as it keeps them for 60', async () => {
    const server = await startServer({ TINTYPE_STORE: 'memory:' });
    onTestFinished(async () => {
      await server.end('SIGKILL');
    });
    const wire = await dial(Number(new URL(server.url).port));
    wire.send(head('GET /livez'));
    await wire.until(/"ok"/);
    await new Promise((resolve) => setTimeout(resolve, 70_000));
    wire.send(head('GET /livez'));
    await wire.until(/"ok".*"ok"/s);
    expect(statuses(wire.received())).toEqual([200, 200]);
    expect(await server.end('SIGTERM')).toBe(0);
  });
});
