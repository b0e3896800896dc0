import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, vi } from 'vitest';
import { built, type ServerProcess, serverToken, startServer } from '../../support/server-process.ts';
import { RedisServer } from './redis.ts';
import { startS3 } from './rgw.ts';
import { TcpProxy } from './tcp-proxy.ts';

const authorization = `Bearer ${serverToken}`;
const long = 30_000;

/** A server of many, and what stands between it and Redis. */
export interface Node {
  readonly server: ServerProcess;
  readonly proxy: TcpProxy;
}

/** What is asked. */
export type Asked = Pick<Node, 'server'>;

/** Servers on one bucket and one Redis. */
export interface ManyNodes {
  readonly redis: RedisServer;
  readonly nodes: readonly [Node, Node, Node];
  /** Starts another in the place of one that ended. */
  restart(node: Node): Promise<Node>;
  close(): Promise<void>;
}

export async function startNodes(environment: Readonly<Record<string, string>> = {}): Promise<ManyNodes> {
  const s3 = await startS3();
  const redis = await RedisServer.start({ kept: true });
  const folder = await mkdtemp(join(tmpdir(), 'tintype-nodes-'));
  const shared = {
    ...s3.env,
    TINTYPE_STORE: `s3://${await s3.bucket()}/pictures`,
    TINTYPE_S3_ENDPOINT: s3.endpoint,
    TINTYPE_S3_FORCE_PATH_STYLE: 'true',
    TINTYPE_WORKERS: 'none',
    TINTYPE_SWEEP_EVERY: '0s',
    ...environment,
  };
  const all = new Set<Node>();
  const start = async (proxy: TcpProxy): Promise<Node> => {
    const node = { proxy, server: await startServer({ ...shared, TINTYPE_REDIS: proxy.url }, folder, built) };
    all.add(node);
    await untilRedis(node, 'joined');
    return node;
  };
  const close = async () => {
    await Promise.all([...all].map(({ server }) => server.end('SIGKILL')));
    for (const proxy of new Set([...all].map(({ proxy }) => proxy))) await proxy.close();
    await redis.close();
    await rm(folder, { recursive: true, force: true });
  };
  const one = async () => start(await TcpProxy.start(redis.port));
  const nodes = await Promise.all([one(), one(), one()] as const).catch(async (thrown: unknown) => {
    await close();
    throw thrown;
  });
  return { redis, nodes, restart: ({ proxy }) => start(proxy), close };
}

export function untilRedis({ server }: Node, redis: 'joined' | 'disconnected'): Promise<void> {
  const look = async () => {
    const said: unknown = await (await fetch(`${server.url}/readyz`)).json();
    expect(said).toMatchObject({ redis });
  };
  return vi.waitFor(look, { timeout: long, interval: 20 });
}

export function ask({ server }: Asked, method: string, path: string, body?: Uint8Array<ArrayBuffer> | string) {
  return fetch(server.url + path, { method, headers: { authorization }, ...(body === undefined ? {} : { body }) });
}

/** A picture of one colour, which is a number below 2 ** 24. */
export async function numbered(number: number): Promise<Uint8Array<ArrayBuffer>> {
  const background = { r: (number >> 16) & 255, g: (number >> 8) & 255, b: number & 255 };
  const image = sharp({ create: { width: 8, height: 8, channels: 3, background } });
  return new Uint8Array(await image.png({ compressionLevel: 1 }).toBuffer());
}

/** Which picture a node shows under an id: its number, null where there is none. */
export async function seen(node: Asked, id: string, words = 'f_png,w_4'): Promise<number | null> {
  const answer = await fetch(`${node.server.url}/img/${id}/${words}`);
  if (answer.status === 404) {
    await answer.arrayBuffer();
    return null;
  }
  const bytes = Buffer.from(await answer.arrayBuffer());
  if (answer.status !== 200) throw new Error(`${answer.status}: ${bytes.toString()}`);
  const [red = 0, green = 0, blue = 0] = await sharp(bytes).removeAlpha().raw().toBuffer();
  return red * 65_536 + green * 256 + blue;
}
