import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { openStore } from '../../src/store/index.ts';
import { blobStoreContract } from './blob-store.ts';

let folder: string;
let opened = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tintype-blobs-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

const options = () => ({ scratchFolder: join(folder, 'scratch'), scratchBytes: 100_000_000 });

blobStoreContract('memory', () => openStore('memory:', options()));

blobStoreContract('filesystem', () => {
  opened += 1;
  return openStore(`file:${join(folder, `store-${opened}`)}`, options());
});
