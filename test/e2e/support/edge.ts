import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { built, type ServerProcess, serverToken, startServer } from '../../support/server-process.ts';

const withToken = { authorization: `Bearer ${serverToken}` };

/** The built server with a cache in front of it. */
export interface Behind {
  readonly server: ServerProcess;
  readonly folder: string;
  /** The configuration it prints for a CDN. */
  configuration(provider: string): Promise<string>;
  /** Asks the origin itself, with its token. */
  origin(method: string, path: string, body?: string | Uint8Array<ArrayBuffer>): Promise<Response>;
  /** How often a path was asked of the origin, and how often rendered, of all that was answered by now. */
  asked(path: string): Promise<{ readonly times: number; readonly renders: number }>;
  close(): Promise<void>;
}

export async function startBehind(environment: Readonly<Record<string, string>> = {}): Promise<Behind> {
  const folder = await mkdtemp(join(tmpdir(), 'tintype-edge-'));
  const server = await startServer({ TINTYPE_PORT: '0', ...environment }, folder, built);
  let asking = 0;
  const lines = (path: string) =>
    server
      .said()
      .split('\n')
      .filter((line) => line.includes(`"${path}"`));
  return {
    server,
    folder,
    configuration: async (provider) => (await fetch(`${server.url}/cdn/${provider}`, { headers: withToken })).text(),
    origin: (method, path, body) =>
      fetch(server.url + path, { method, headers: withToken, ...(body === undefined ? {} : { body }) }),
    asked: async (path) => {
      // A server tells of requests in turn: once it has told of this one, it has told of all before.
      const last = `/img/last-${++asking}`;
      await (await fetch(server.url + last)).arrayBuffer();
      while (lines(last).length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      return { times: lines(path).length, renders: lines(path).filter((line) => line.includes('"render"')).length };
    },
    close: async () => {
      await server.end('SIGKILL');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** What browsers and others send as Accept, by the bucket they fall into. */
export const accepts = {
  avif: [
    'image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8',
    'image/jxl,image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8',
    'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8',
    'IMAGE/AVIF',
    'image/webp;q=0.9, image/avif;q=0.001',
  ],
  webp: [
    'image/webp,*/*',
    'image/webp,image/png,image/svg+xml,image/*;q=0.8,video/*;q=0.8,*/*;q=0.5',
    'image/avif;q=0,image/webp',
    'image/avif;q=0.000 , image/webp;level=1;q=0.5',
  ],
  base: ['*/*', 'image/*', 'image/avif;q=0,image/webp;q=0.0,image/png'],
} as const;

/** What a cache answered, as far as all caches tell. */
export interface Got {
  readonly status: number;
  readonly hit: boolean;
  readonly type: string;
}

/** Whatever clients say they accept: the origin is asked once per bucket, and each is answered as the origin would. */
export async function keepsOnePerBucket(
  { server, ...behind }: Behind,
  get: (path: string, accept: string) => Promise<Got>,
  path: string,
): Promise<void> {
  const all = [...accepts.avif, ...accepts.webp, ...accepts.base];
  expect(all).toHaveLength(12);
  for (const accept of all) await get(path, accept);
  expect(await behind.asked(path)).toMatchObject({ times: 3 });
  for (const accept of all) {
    const direct = await fetch(server.url + path, { headers: { accept } });
    expect(await get(path, accept), accept).toMatchObject({ hit: true, type: direct.headers.get('content-type') });
  }
}

/** Where an answer does not vary, the origin is asked once, whoever comes. */
export async function keepsOne(
  behind: Behind,
  get: (path: string, accept: string) => Promise<Got>,
  path: string,
): Promise<void> {
  for (const accept of ['*/*', 'image/webp', 'image/avif']) await get(path, accept);
  expect(await behind.asked(path)).toMatchObject({ times: 1 });
}
