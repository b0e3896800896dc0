import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { openStore } from '../../src/store/index.ts';
import { blobStoreContract } from '../contract/blob-store.ts';
import { startS3 } from './support/rgw.ts';

let endpoint: string;
let bucket: string;
let scratchFolder: string;
let opened = 0;

beforeAll(async () => {
  const s3 = await startS3();
  endpoint = s3.endpoint;
  bucket = await s3.bucket();
  scratchFolder = await mkdtemp(join(tmpdir(), 'tintype-s3-'));
});

afterAll(async () => {
  await rm(scratchFolder, { recursive: true });
});

blobStoreContract('S3 (Ceph RGW)', () => {
  opened += 1;
  return openStore(`s3://${bucket}/store-${opened}`, {
    scratchFolder,
    scratchBytes: 100_000_000,
    s3: { endpoint, forcePathStyle: true },
  });
});
