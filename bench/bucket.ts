import { mkdtemp, rm } from 'node:fs/promises';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { startS3 } from '../test/e2e/support/rgw.ts';
import { drawPhoto } from '../test/support/photo.ts';
import { built, serverToken, startServer } from '../test/support/server-process.ts';
import { ask } from './ask.ts';
import { median } from './numbers.ts';

/**
 * What a hit in the bucket costs beside a bare GET of the same object by the same SDK, one after another: at first with a
 * pointer and an epoch that have to be read too, then with ones that are known. Nothing is kept in memory.
 * `npm run bench:bucket`; the first word is how many pictures there are. It starts a Ceph RGW.
 */
const count = Number(process.argv[2] ?? 200);
const folder = await mkdtemp(join(tmpdir(), 'tintype-bench-bucket-'));
const s3 = await startS3();
const bucket = await s3.bucket();
const environment = {
  ...s3.env,
  TINTYPE_STORE: `s3://${bucket}`,
  TINTYPE_S3_ENDPOINT: s3.endpoint,
  TINTYPE_S3_FORCE_PATH_STYLE: 'true',
  TINTYPE_MEMORY: '0B',
  TINTYPE_LOG: 'warn',
};
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
const client = new S3Client({ endpoint: s3.endpoint, forcePathStyle: true });
const pathOf = (nth: number) => `/img/picture-${nth}/f_webp,w_400`;

await store();
const server = await startServer(environment, folder, built);
try {
  const keys = await variants();
  const [cold, warm, bare]: [number[], number[], number[]] = [[], [], []];
  for (let nth = 0; nth < count; nth++) {
    // Connections are warm on both sides, and neither goes first each time.
    const ours = async () => {
      cold.push(await hit(nth));
      warm.push(await hit(nth));
    };
    const theirs = async () => bare.push(await get(keys.get(`picture-${nth}`) ?? ''));
    for (const side of nth % 2 === 0 ? [ours, theirs] : [theirs, ours]) await side();
  }
  const late = Math.floor(count / 10);
  const [ours, known, theirs] = [cold, warm, bare].map((times) => median(times.slice(late)));
  for (const [what, time = 0, most] of [
    ['warm pointer', known, 1.25],
    ['cold pointer', ours, 2.3],
  ] as const) {
    const ratio = time / (theirs ?? 1);
    const verdict = ratio <= most ? 'met' : 'missed';
    console.log(
      `${what}: ${time.toFixed(2)} ms, bare GET ${(theirs ?? 0).toFixed(2)} ms, ratio ${ratio.toFixed(2)} (at most ${most}: ${verdict})`,
    );
  }
} finally {
  await server.end('SIGKILL');
  client.destroy();
  agent.destroy();
  await rm(folder, { recursive: true });
}

/** Originals and their variants, by a server of its own, which is ended in peace. */
async function store(): Promise<void> {
  const first = await startServer(environment, folder, built);
  const photo = new Uint8Array(await drawPhoto(800, 600));
  for (let nth = 0; nth < count; nth++) {
    const headers = { authorization: `Bearer ${serverToken}` };
    await fetch(`${first.url}/originals/picture-${nth}`, { method: 'PUT', headers, body: photo });
    await (await fetch(first.url + pathOf(nth))).arrayBuffer();
  }
  await first.end('SIGTERM');
}

/** Keys by id. */
async function variants(): Promise<ReadonlyMap<string, string>> {
  const keys = new Map<string, string>();
  let token: string | undefined;
  do {
    const page = await client.send(
      new ListObjectsV2Command({
        Bucket: bucket,
        Prefix: 'v/',
        ...(token === undefined ? {} : { ContinuationToken: token }),
      }),
    );
    for (const { Key = '' } of page.Contents ?? []) keys.set(Key.split('/')[2] ?? '', Key);
    token = page.NextContinuationToken;
  } while (token !== undefined);
  return keys;
}

async function hit(nth: number): Promise<number> {
  const { status, milliseconds } = await ask(server.url + pathOf(nth), agent);
  if (status !== 200) throw new Error(`Expected 200 for picture-${nth} but received ${status}`);
  return milliseconds;
}

async function get(key: string): Promise<number> {
  const begun = performance.now();
  const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  await Body?.transformToByteArray();
  return performance.now() - begun;
}
