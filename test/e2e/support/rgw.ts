import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';

/** A real S3 server (Ceph RGW), empty at first. */
export interface S3Server {
  /** `http://127.0.0.1:port`; wants path style. */
  readonly endpoint: string;
  /** Credentials and region, as the AWS SDK finds them in the environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Makes a new bucket and answers its name. */
  readonly bucket: () => Promise<string>;
}

const script = (name: string): string => fileURLToPath(new URL(`../../../.ci/${name}`, import.meta.url));
const run = promisify(execFile);
const env = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'testsecret', AWS_REGION: 'us-east-1' };

/**
 * The S3 server of this test run: started by the first who asks, in 2 s, and stopped when the run has ended, however it
 * ended. Sets the credentials in this process's environment.
 */
export async function startS3(): Promise<S3Server> {
  Object.assign(process.env, env);
  const endpoint = await endpointOfThisRun();
  const client = new S3Client({ endpoint, forcePathStyle: true });
  const bucket = async (): Promise<string> => {
    const name = `test-${randomBytes(6).toString('hex')}`;
    await client.send(new CreateBucketCommand({ Bucket: name }));
    return name;
  };
  return { endpoint, env, bucket };
}

/** Test files run one after another, each in a process of its own: what they share is their parent. */
async function endpointOfThisRun(): Promise<string> {
  const folder = join(tmpdir(), `tintype-s3-of-${process.ppid}`);
  const note = join(folder, 'endpoint');
  if (existsSync(note)) return readFile(note, 'utf8');
  await mkdir(folder, { recursive: true });
  const port = await freePort();
  await run(script('rgw-up.sh'), [join(folder, 'state'), String(port)]);
  stopAfterRun(folder);
  const endpoint = `http://127.0.0.1:${port}`;
  await writeFile(note, endpoint);
  return endpoint;
}

/** A process that outlives us all: it waits for the run's end, which may be a kill. */
function stopAfterRun(folder: string): void {
  const afterwards = 'tail --pid="$1" -f /dev/null; "$2" "$3/state"; rm -rf "$3"';
  const args = ['-c', afterwards, 'sh', String(process.ppid), script('rgw-down.sh'), folder];
  spawn('sh', args, { detached: true, stdio: 'ignore' }).unref();
}

/** A port that is free now, and the one above it, which the server takes too. */
async function freePort(): Promise<number> {
  for (;;) {
    const port = await listenOnce(0);
    if (port !== null && port < 65_535 && (await listenOnce(port + 1)) !== null) return port;
  }
}

function listenOnce(port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(null));
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : null));
    });
  });
}
