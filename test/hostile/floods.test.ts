import { randomBytes } from 'node:crypto';
import { get } from 'node:http';
import { connect, type Socket } from 'node:net';
import sharp from 'sharp';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { onPort, tintypeOnPort } from '../support/listening.ts';
import type { Running } from '../support/tintype.ts';

/** Attacks of one address against the server, and what another one sees of it. The long run has more of everything. */
const isLong = process.env['TINTYPE_LONG'] === '1';

let running: Running | null = null;
afterEach(async () => {
  await running?.close();
  running = null;
});

interface Answer {
  readonly status: number;
  readonly bytes: number;
}

/** A whole answer for another address of this machine. */
function fetchFrom(localAddress: string, port: number, path: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = get({ host: '127.0.0.1', port, path, localAddress, agent: false }, (response) => {
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.byteLength;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, bytes }));
    });
    request.on('error', reject);
  });
}

/** Connections of one address that never read more than the first piece of what they asked for. */
async function askWithoutReading(port: number, path: string, count: number): Promise<readonly number[]> {
  const sockets: Socket[] = [];
  onTestFinished(() => void sockets.map((socket) => socket.destroy()));
  const statuses: number[] = [];
  for (let opened = 0; opened < count; opened++) {
    const socket = connect({ host: '127.0.0.1', port });
    sockets.push(socket);
    socket.on('error', () => undefined);
    socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`);
    const first = await new Promise<string>((resolve) =>
      socket.once('data', (chunk) => resolve(chunk.toString('latin1'))),
    );
    socket.pause();
    statuses.push(Number(first.slice(9, 12)));
  }
  return statuses;
}

async function noise(side: number): Promise<Uint8Array<ArrayBuffer>> {
  const raw = { width: side, height: side, channels: 3 } as const;
  return new Uint8Array(
    await sharp(randomBytes(side * side * 3), { raw })
      .png({ compressionLevel: 0 })
      .toBuffer(),
  );
}

describe('Clients that do not read their answers', () => {
  it('hold a bounded number of bytes: the address with most of them gets 503, another one its picture', async () => {
    const server = await tintypeOnPort({ TINTYPE_WORKERS: 'none', TINTYPE_MAX_IN_FLIGHT: '40MB' });
    running = server;
    expect((await server.put('cat', await noise(2000))).status).toBe(201);
    const path = '/img/cat/f_tiff';
    const { bytes } = await fetchFrom('127.0.0.2', server.port, path);
    expect(bytes).toBeGreaterThan(11_000_000);
    const statuses = await askWithoutReading(server.port, path, isLong ? 60 : 10);
    const held = statuses.filter((status) => status === 200).length;
    expect(statuses.slice(0, 2)).toEqual([200, 200]);
    expect(statuses.slice(-2)).toEqual([503, 503]);
    expect(held * bytes).toBeLessThan(80_000_000);
    expect(await fetchFrom('127.0.0.2', server.port, path)).toEqual({ status: 200, bytes });
  });

  it('cannot ask for a copy of a large picture as text', async () => {
    const server = await tintypeOnPort({ TINTYPE_WORKERS: 'none' });
    running = server;
    expect((await server.put('cat', await noise(500))).status).toBe(201);
    const answer = await server.get('/img/cat/f_tiff,fl_datauri');
    expect(answer.status).toBe(422);
    expect(await answer.json()).toMatchObject({ detail: expect.stringContaining('fl_datauri') });
    expect((await server.get('/img/cat/w_50,f_png,fl_datauri')).status).toBe(200);
  });
});

describe('Idle connections of one address', () => {
  it('shut nobody out: the idlest are closed, and none whose request is being answered', async () => {
    let answerSlowly: (response: Response) => void = () => {};
    const slow = new Promise<Response>((resolve) => {
      answerSlowly = resolve;
    });
    const limit = isLong ? 1024 : 128;
    const { port } = await onPort((request) => (request.url.endsWith('/slow') ? slow : new Response('ok')), {
      connections: limit,
    });
    const busy = fetchFrom('127.0.0.3', port, '/slow');
    const sockets: Socket[] = [];
    onTestFinished(() => void sockets.map((socket) => socket.destroy()));
    for (let opened = 0; opened < 2 * limit; opened++) {
      const socket = connect({ host: '127.0.0.1', port });
      socket.on('error', () => undefined);
      sockets.push(socket);
      await new Promise((resolve) => socket.once('connect', resolve));
    }
    expect(await fetchFrom('127.0.0.2', port, '/')).toEqual({ status: 200, bytes: 2 });
    answerSlowly(new Response('late'));
    expect(await busy).toEqual({ status: 200, bytes: 4 });
    await expect
      .poll(() => sockets.filter((socket) => !socket.destroyed && !socket.readableEnded).length)
      .toBeLessThan(limit);
  });
});
