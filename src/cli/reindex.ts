import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { command } from './command.ts';
import { serverVariables } from './shell/server-variables.ts';

/** The index of a store, anew. */
export const reindexCommand = command({
  name: 'reindex',
  summary: 'Writes the index of the configured store anew, as for one that was copied without it.',
  operands: { usage: '', least: 0, most: 0 },
  notes: ['Works on the store itself, not by a server; on a folder the server must not be running.'],
  options: {},
  environment: serverVariables,
  examples: [['TINTYPE_STORE=s3://bucket tintype reindex', 'of a bucket']],
  run: async ({ shell }) => {
    const [{ readConfig }, { storeOptions }, { openStore }, library] = await Promise.all([
      import('../config/index.ts'),
      import('../app/open-stores.ts'),
      import('../store/index.ts'),
      import('../library/maintenance/reindex.ts'),
    ]);
    const config = readConfig(shell.environment);
    const scratchFolder = await mkdtemp(join(tmpdir(), 'tintype-reindex-'));
    try {
      const store = await openStore(config.store, storeOptions(config, scratchFolder));
      try {
        const originals = await library.rebuildIndexes(store);
        return { json: { originals, store: store.name }, text: `Indexed ${originals} originals in ${store.name}` };
      } finally {
        await store.close();
      }
    } finally {
      await rm(scratchFolder, { recursive: true, force: true });
    }
  },
});
