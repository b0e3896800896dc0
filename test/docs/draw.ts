import { mkdir, writeFile } from 'node:fs/promises';
import { startTintype } from '../support/tintype.ts';
import { gallery, hero, storeDrawings } from './pictures.ts';

/** `npm run docs:pictures`: makes the pictures of the documents by asking a server for them. */
const folder = new URL('../../docs/pictures/', import.meta.url);
const server = await startTintype();
try {
  await storeDrawings(server);
  await mkdir(folder, { recursive: true });
  for (const { file, path } of [hero, ...gallery]) {
    const answer = await server.get(path);
    if (answer.status !== 200) throw new Error(`Expected ${path} but received ${await answer.text()}`);
    await writeFile(new URL(file, folder), new Uint8Array(await answer.arrayBuffer()));
  }
} finally {
  await server.close();
}
