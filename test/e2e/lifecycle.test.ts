import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import {
  type BucketLifecycleConfiguration,
  GetBucketLifecycleConfigurationCommand,
  PutBucketLifecycleConfigurationCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { startS3 } from './support/rgw.ts';

const program = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

/** What the command prints, or what it says on stderr. */
async function lifecycle(env: Readonly<Record<string, string>>): Promise<string> {
  const run = promisify(execFile)(process.execPath, [program, 'lifecycle'], { env });
  return run.then(
    ({ stdout }) => stdout,
    (failed: unknown) => (failed instanceof Error && 'stderr' in failed ? String(failed.stderr) : 'another trouble'),
  );
}

describe('The lifecycle rule that is printed', () => {
  it('is taken by a real bucket as it is', async () => {
    const { endpoint, bucket } = await startS3();
    const Bucket = await bucket();
    const printed = await lifecycle({ TINTYPE_VARIANTS: `s3://${Bucket}/some/place`, TINTYPE_RETAIN_IDLE: '36h' });
    const LifecycleConfiguration = JSON.parse(printed) as BucketLifecycleConfiguration;
    const client = new S3Client({ endpoint, forcePathStyle: true });
    await client.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration }));
    const { Rules } = await client.send(new GetBucketLifecycleConfigurationCommand({ Bucket }));
    expect(Rules).toMatchObject([{ Status: 'Enabled', Filter: { Prefix: 'some/place/v/' }, Expiration: { Days: 2 } }]);
  });

  it.each([
    ['a folder', { TINTYPE_STORE: 'file:./data', TINTYPE_RETAIN_IDLE: '30d' }, 'Expected variants in a bucket'],
    ['no time', { TINTYPE_STORE: 's3://bucket' }, 'Expected TINTYPE_RETAIN_IDLE'],
  ])('is refused for %s in one sentence', async (_what, env, sentence) => {
    expect(await lifecycle(env)).toMatch(new RegExp(`^tintype: ${sentence}.*\n$`));
  });
});
