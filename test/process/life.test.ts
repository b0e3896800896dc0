import { Agent, request } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { childrenOf, type ServerProcess, serverToken, startServer } from '../support/server-process.ts';
import { header, solid } from '../support/tintype.ts';
import { dial, head, statuses } from '../support/wire.ts';

const Authorization = `Bearer ${serverToken}`;

async function started(environment: Record<string, string> = {}): Promise<ServerProcess & { readonly port: number }> {
  const server = await startServer({ TINTYPE_STORE: 'memory:', ...environment });
  onTestFinished(async () => {
    await server.end('SIGKILL');
  });
  return { ...server, port: Number(new URL(server.url).port) };
}

/** The lines of the log that are JSON. */
function linesOf({ said }: ServerProcess): readonly Record<string, unknown>[] {
  const lines = said()
    .split('\n')
    .filter((line) => line.startsWith('{'));
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

interface Outcome {
  readonly begun: number;
  readonly result: number | string;
}

/** One GET on a connection that is kept and shared. */
function get(url: string, agent: Agent): Promise<Outcome> {
  const begun = performance.now();
  return new Promise((resolve) => {
    const fail = (cause: Error) => resolve({ begun, result: cause.message });
    request(url, { agent }, (answer) => {
      answer.resume();
      answer.once('end', () => resolve({ begun, result: answer.complete ? (answer.statusCode ?? 0) : 'cut' }));
      answer.once('error', fail);
    })
      .once('error', fail)
      .end();
  });
}

describe('SIGTERM under load', () => {
  it('fails no request that had begun: renders, hits and uploads on kept and on new connections', async () => {
    const server = await started({ TINTYPE_QUEUE: '1000', TINTYPE_QUEUE_WAIT: '60s' });
    const picture = await solid('#ff8800', 1200, 900);
    const put = (id: string) =>
      fetch(`${server.url}/originals/${id}`, { method: 'PUT', body: picture, headers: { Authorization } });
    expect((await put('cat')).status).toBe(201);
    const outcomes: Outcome[] = [];
    let signalled = Number.POSITIVE_INFINITY;
    const agent = new Agent({ keepAlive: true });
    const client = async (first: number) => {
      for (let n = first; performance.now() < signalled; n += 16) {
        const words = n % 3 === 0 ? `w_${(n % 1000) + 20},f_webp` : 'w_40,f_png';
        outcomes.push(await get(`${server.url}/img/cat/${words}`, n % 5 === 0 ? new Agent() : agent));
      }
    };
    const clients = Array.from({ length: 16 }, (_, n) => client(n));
    while (outcomes.length < 300) await new Promise((resolve) => setTimeout(resolve, 10));
    const upload = put('late');
    await new Promise((resolve) => setTimeout(resolve, 5));
    signalled = performance.now();
    const ended = server.end('SIGTERM');
    await Promise.all(clients);
    agent.destroy();
    const begunBefore = outcomes.filter(({ begun }) => begun < signalled);
    expect(begunBefore.filter(({ result }) => result !== 200)).toEqual([]);
    expect((await upload).status).toBe(201);
    expect(await ended).toBe(0);
  }, 60_000);
});

describe('SIGTERM', () => {
  it('leaves nobody out whose request was still in the kernel, on a kept or a new connection', async () => {
    const server = await started();
    const kept = await dial(server.port);
    kept.send(head('GET /livez'));
    await kept.until(/"ok"/);
    server.process.kill('SIGSTOP');
    kept.send(head('GET /livez'));
    const fresh = await dial(server.port);
    fresh.send(head('GET /livez'));
    const ended = server.end('SIGTERM');
    server.process.kill('SIGCONT');
    expect([await kept.closed, await fresh.closed, await ended]).toEqual(['end', 'end', 0]);
    expect([statuses(kept.received()), statuses(fresh.received())]).toEqual([[200, 200], [200]]);
  });
});

describe('A signal to the whole group, as a terminal and systemd send it,', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    '%s, ends no rendering process before its render is answered',
    async (signal) => {
      const server = await started();
      const put = { method: 'PUT', body: await solid('#ff8800', 4000, 3000), headers: { Authorization } };
      expect((await fetch(`${server.url}/originals/cat`, put)).status).toBe(201);
      const answer = fetch(`${server.url}/img/cat/f_avif,w_2400`);
      const metrics = async () => (await fetch(`${server.url}/metrics`, { headers: { Authorization } })).text();
      while (!(await metrics()).includes('tintype_renders_running 1'));
      for (const pid of childrenOf(server)) process.kill(Number(pid), signal);
      const ended = server.end(signal);
      expect((await answer).status).toBe(200);
      expect(await ended).toBe(0);
      expect(linesOf(server).filter(({ level }) => Number(level) >= 50)).toEqual([]);
    },
  );
});

describe('While it drains', () => {
  it('a server is not ready but answers everything, each answer closing its connection', async () => {
    const server = await started({ TINTYPE_DRAIN_DELAY: '3s' });
    await fetch(`${server.url}/livez`);
    server.process.kill('SIGTERM');
    while ((await fetch(`${server.url}/readyz`)).status !== 503);
    const [ready, live] = [await fetch(`${server.url}/readyz`), await fetch(`${server.url}/livez`)];
    expect([ready.status, live.status]).toEqual([503, 200]);
    expect([header(ready, 'connection'), header(live, 'connection')]).toEqual(['close', 'close']);
    expect(header(ready, 'retry-after')).toMatch(/^\d+$/);
    expect(await server.end('SIGCONT')).toBe(0);
  });

  it('an upload that never ends is cut at the timeout, and the log says so', async () => {
    const server = await started({ TINTYPE_DRAIN_TIMEOUT: '300ms' });
    const wire = await stuckUpload(server.port);
    expect(await server.end('SIGTERM')).toBe(0);
    await wire.closed;
    expect(linesOf(server)).toContainEqual(
      expect.objectContaining({ connections: 1, msg: 'Connections were cut at the end of TINTYPE_DRAIN_TIMEOUT' }),
    );
  });

  it('a second signal ends at once', async () => {
    const server = await started({ TINTYPE_DRAIN_TIMEOUT: '600s' });
    const wire = await stuckUpload(server.port);
    server.process.kill('SIGTERM');
    // The first signal has come when the port is deaf.
    while (
      await fetch(`${server.url}/livez`).then(
        () => true,
        () => false,
      )
    );
    expect(await server.end('SIGINT')).toBe(1);
    await wire.closed;
  });
});

async function stuckUpload(port: number) {
  const wire = await dial(port);
  wire.send(head('PUT /originals/stuck', { Authorization, 'Content-Length': 1000, Expect: '100-continue' }));
  await wire.until(/100 Continue/);
  return wire;
}

describe('The log of a whole run', () => {
  it('holds no secret, whatever was sent where, and a line for every request', async () => {
    const canaries = ['canary-of-the-writer', 'canary-of-the-reader', 'canary-in-a-query', 'canary-in-a-cookie'];
    const [writer = '', reader = ''] = canaries;
    const server = await started({
      TINTYPE_TOKENS: `ci:write:${writer},app:read:${reader}`,
      TINTYPE_LOG: 'debug',
    });
    const send = async (method: string, path: string, token: string, body = '') => {
      const wire = await dial(server.port);
      const fields = {
        Authorization: `Bearer ${token}`,
        Cookie: 'a=canary-in-a-cookie',
        'Content-Length': body.length,
      };
      wire.send(`${head(`${method} ${path}`, { ...fields, Connection: 'close' })}${body}`);
      await wire.closed;
      return statuses(wire.received())[0];
    };
    expect(await send('PUT', '/originals/x?key=canary-in-a-query', writer, 'no image')).toBe(400);
    expect(await send('PUT', '/originals/x', writer, 'no image')).toBe(415);
    expect(await send('PUT', '/originals/x', reader, 'no image')).toBe(401);
    expect(await send('GET', '/originals/x?token=canary-in-a-query', reader)).toBe(400);
    expect(await send('GET', '/originals/x', `${reader}x`)).toBe(401);
    expect(await send('GET', '/nowhere?canary-in-a-query', reader)).toBe(404);
    expect(await send('GET', `/img/x/s--canary-of-the-writer--/w_9`, serverToken)).toBe(404);
    expect(await send('GET', '/livez\\', reader)).toBe(400);
    expect(await send('POST', '/purge', serverToken, '{"canary-of-the-writer":1}')).toBe(400);
    expect(await server.end('SIGTERM')).toBe(0);
    for (const canary of [...canaries, serverToken]) expect(server.said()).not.toContain(canary);
    const statusesLogged = linesOf(server).flatMap(({ status }) => (status === undefined ? [] : [status]));
    expect(statusesLogged).toEqual([400, 415, 401, 400, 401, 404, 404, 400, 400]);
  });
});
