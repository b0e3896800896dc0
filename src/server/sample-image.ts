import { readFile } from 'node:fs/promises';
import type { Tintype } from '../app/app.ts';

/** The same place from the sources and from what they are built into. */
const picture = new URL('../../fixtures/sample.jpg', import.meta.url);

/** Says that the sample was given once: who deletes it does not get it again. */
const givenKey = 'sample-given';

/** Puts a picture into an empty folder, so that the banner's URL shows one. */
export async function addSampleImage({ store, ingest }: Pick<Tintype, 'store' | 'ingest'>): Promise<void> {
  const { entries } = await store.list('o/', { limit: 1 });
  if (!(await store.putIfAbsent(givenKey, new Uint8Array())) || entries.length > 0) return;
  await ingest.store({
    id: 'sample',
    body: bytesOf(picture),
    tags: [],
    focalPoint: null,
    precondition: null,
  });
}

async function* bytesOf(file: URL): AsyncGenerator<Uint8Array> {
  yield await readFile(file);
}
