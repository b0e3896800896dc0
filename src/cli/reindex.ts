#!/usr/bin/env node
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { storeOptions } from '../app.ts';
import { readConfig } from '../config.ts';
import { reindex } from '../library/reindex.ts';
import { openStore } from '../store/index.ts';

/** Writes the index of the configured store anew; on a folder the server must not be running. */
async function main(): Promise<void> {
  const config = readConfig(process.env);
  const scratchFolder = await mkdtemp(join(tmpdir(), 'tintype-reindex-'));
  const store = await openStore(config.store, storeOptions(config, scratchFolder));
  try {
    console.log(`Indexed ${await reindex(store)} originals in ${store.name}`);
  } finally {
    await store.close();
    await rm(scratchFolder, { recursive: true, force: true });
  }
}

main().catch((cause: unknown) => {
  console.error(`tintype: ${cause instanceof Error ? cause.message : String(cause)}`);
  process.exit(1);
});
