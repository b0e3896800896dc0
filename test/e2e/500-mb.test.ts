import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { built, type ServerProcess, serverToken, startServer } from '../support/server-process.ts';
import { solid } from '../support/tintype.ts';
import { lastingPlaces } from './support/places.ts';

const authorization = { authorization: `Bearer ${serverToken}` };
const megabyte = Buffer.alloc(1024 * 1024, 7);
const megabytes = 500;
const formHead = '--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tintype-500-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function anonymousMemory(server: ServerProcess): Promise<number> {
  const text = await readFile(`/proc/${server.process.pid}/status`, 'utf8');
  return Number(/^RssAnon:\s+(\d+) kB/m.exec(text)?.[1]) / 1024;
}

interface Sending {
  readonly method: string;
  readonly path: string;
  readonly type: string;
  readonly head: string | Uint8Array;
  readonly tail: string;
}

/** Sends them as fast as they are taken; answers the status and the most anonymous memory until it came, in MB. */
async function send(server: ServerProcess, { method, path, type, head, tail }: Sending) {
  const sending = request(server.url + path, { method, headers: { ...authorization, 'content-type': type } });
  const answered = new Promise<number>((resolve, reject) => {
    sending.on('response', (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    sending.on('error', reject);
  });
  let most = 0;
  const look = async () => {
    most = Math.max(most, await anonymousMemory(server));
  };
  sending.write(head);
  for (let sent = 0; sent < megabytes; sent++) {
    if (!sending.write(megabyte)) await once(sending, 'drain');
    await look();
  }
  sending.end(tail);
  // Looked at as long as it is busy with them: reading, checking, storing.
  const isBusy = () => Promise.race([answered.then(() => false), look().then(() => true)]);
  while (await isBusy());
  return { status: await answered, most };
}

describe.each(lastingPlaces)('500 MB on their way into $name', ({ environment }) => {
  /** A picture, and behind its end more than anybody needs. */
  let picture: Uint8Array;
  beforeAll(async () => {
    picture = await solid('#ff0000', 64, 48, 'jpeg');
  });

  it.each([
    ['as bytes', { method: 'PUT', path: '/originals/big', type: 'application/octet-stream', tail: '' }],
    [
      'in a form',
      { method: 'POST', path: '/originals', type: 'multipart/form-data; boundary=x', tail: '\r\n--x--\r\n' },
    ],
  ])('%s are stored and never held: at most 64 MB of anonymous memory above idle', async (how, sending) => {
    const server = await startServer({ ...(await environment(folder)), TINTYPE_MAX_BYTES: '600MB' }, folder, built);
    try {
      // What the first request loads is not what an upload holds.
      const small = await solid('#0000ff');
      await fetch(`${server.url}/originals/small`, { method: 'PUT', headers: authorization, body: small });
      const idle = await anonymousMemory(server);
      const head = how === 'as bytes' ? picture : Buffer.concat([Buffer.from(formHead), picture]);
      const { status, most } = await send(server, { ...sending, head });
      console.info(`500 MB ${how}: ${Math.round(idle)} MB idle, ${Math.round(most)} MB at most`);
      expect(status).toBe(201);
      expect(most - idle).toBeLessThan(64);
    } finally {
      await server.end('SIGTERM');
    }
  });
});
