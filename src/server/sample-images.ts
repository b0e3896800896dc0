import { readFile } from 'node:fs/promises';
import type { Tintype } from '../app/app.ts';

/** Ids of the samples and their files; the folder is in the same place from the sources and from the build. */
const samples = {
  sample: 'sample.jpg',
  portrait: 'portrait.jpg',
  logo: 'logo.png',
  animation: 'animation.gif',
} as const;
const folder = new URL('../../fixtures/', import.meta.url);

/** Marks a store that got its samples: a deleted sample does not come back. */
const givenKey = 'sample-given';

/** Puts drawings of our own into an empty folder, so that the URLs of the banner and the README show pictures. */
export async function addSampleImages({ store, ingest }: Pick<Tintype, 'store' | 'ingest'>): Promise<void> {
  const { entries } = await store.list('o/', { limit: 1 });
  if (!(await store.putIfAbsent(givenKey, new Uint8Array())) || entries.length > 0) return;
  const add = async ([id, file]: readonly [string, string]) => {
    const body = bytesOf(new URL(file, folder));
    await ingest.store({ id, body, tags: [], focalPoint: null, precondition: null });
  };
  await Promise.all(Object.entries(samples).map(add));
}

async function* bytesOf(file: URL): AsyncGenerator<Uint8Array> {
  yield await readFile(file);
}
