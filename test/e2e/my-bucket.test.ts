import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { textOf } from '../docs/pages.ts';
import { sizeOf } from '../support/tintype.ts';
import { RedisServer } from './support/redis.ts';
import { startS3 } from './support/rgw.ts';

const program = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const chapter = /## In front of my bucket[^\n]*\n([\s\S]*?)\n## /.exec(textOf('README.md'))?.[1] ?? '';

/** The variables that the README has people set, with this machine's places in them. */
function variables(source: string, store: string): Readonly<Record<string, string>> {
  const named = [...chapter.matchAll(/\b(TINTYPE_\w+|AWS_\w+)=(\S+)/g)].map(([, name = '', value = '']) => [
    name,
    value,
  ]);
  const all = Object.fromEntries(named) as Record<string, string>;
  const places = {
    TINTYPE_SOURCE: all['TINTYPE_SOURCE']?.replace('my-pictures', source) ?? '',
    TINTYPE_STORE: all['TINTYPE_STORE']?.replace('my-derived', store) ?? '',
  };
  return { ...all, ...places, TINTYPE_TOKEN: 'a-token-of-this-test' };
}

describe('In front of my bucket, as the README says', () => {
  let folder: string;
  let environment: Readonly<Record<string, string>>;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tintype-bucket-'));
    const { endpoint, env, bucket } = await startS3();
    const [pictures, derived] = [await bucket(), await bucket()];
    const client = new S3Client({ endpoint, forcePathStyle: true });
    const Body = await readFile(new URL('../../fixtures/scene.jpg', import.meta.url));
    await client.send(new PutObjectCommand({ Bucket: pictures, Key: 'shoes/red.jpg', Body }));
    const { PATH = '' } = process.env;
    const here = { TINTYPE_S3_ENDPOINT: endpoint, TINTYPE_S3_FORCE_PATH_STYLE: 'true', TINTYPE_LOG: 'error' };
    environment = { PATH, HOME: folder, ...variables(pictures, derived), ...env, ...here };
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const tintype = (words: readonly string[], more: Readonly<Record<string, string>> = {}) =>
    promisify(execFile)(process.execPath, [program, ...words], { env: { ...environment, ...more }, cwd: folder });

  it('is all that a picture of it takes', async () => {
    expect(Object.keys(environment)).toEqual(expect.arrayContaining(['TINTYPE_SOURCE', 'TINTYPE_STORE', 'AWS_REGION']));
    expect(chapter).toContain('`http://…:3000/img/shoes:red.jpg/w_400/red.webp`');
    const child = spawn(process.execPath, [program, 'serve', '--port', '0', '--json'], {
      env: environment,
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    try {
      let said = '';
      child.stderr.on('data', (chunk) => (said += String(chunk)));
      while (!said.includes('"url"')) await once(child.stderr, 'data');
      const { url } = JSON.parse(/\{.*\}/.exec(said)?.[0] ?? '{}') as { readonly url: string };
      const answer = await fetch(`${url}/img/shoes:red.jpg/w_400/red.webp`);
      expect([answer.status, await sizeOf(answer)]).toEqual([200, [400, 267, 'image/webp']]);
      const { stdout } = await tintype(['cdn', 'varnish', '--origin', 'http://10.0.0.5:3000', '--url', url]);
      expect(stdout).toContain('.host = "10.0.0.5"');
    } finally {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
  });

  it('is found well by the doctor, who sees both writers of a bucket, its clock, and a Redis', async () => {
    const redis = await RedisServer.start();
    try {
      const { stdout } = await tintype(['doctor', '--json'], { TINTYPE_REDIS: redis.url });
      const { findings } = JSON.parse(stdout) as {
        readonly findings: readonly { readonly what: string; readonly ok: boolean | null }[];
      };
      const found = Object.fromEntries(findings.map(({ what, ok }) => [what, ok]));
      expect(found).toMatchObject({
        store: true,
        'store: compare-and-swap': true,
        'store: clock': true,
        redis: true,
        token: true,
      });
    } finally {
      await redis.close();
    }
    const gone = await tintype(['doctor'], { TINTYPE_REDIS: redis.url }).catch((failed: unknown) => failed);
    expect(gone).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/^✗ redis: .*ECONNREFUSED.*\n {4}→ Start it/m),
    });
  });
});
