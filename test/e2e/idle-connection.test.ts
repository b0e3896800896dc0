import { describe, expect, it, onTestFinished } from 'vitest';
import { startServer } from '../support/server-process.ts';
import { dial, head, statuses } from '../support/wire.ts';

/** Load balancers keep connections for 60 s. Node's own default is 5. */
const idle = process.env['TINTYPE_LONG'] === '1' ? 70 : 7;

describe('A connection that a load balancer keeps', () => {
  it(`is still good after ${idle} idle seconds`, async () => {
    const server = await startServer({ TINTYPE_STORE: 'memory:' });
    onTestFinished(async () => {
      await server.end('SIGKILL');
    });
    const wire = await dial(Number(new URL(server.url).port));
    wire.send(head('GET /livez'));
    await wire.until(/"ok"/);
    await new Promise((resolve) => setTimeout(resolve, idle * 1000));
    wire.send(head('GET /livez'));
    await wire.until(/"ok".*"ok"/s);
    expect(statuses(wire.received())).toEqual([200, 200]);
    expect(await server.end('SIGTERM')).toBe(0);
  });
});
