import type { BlobEntry, BlobPage, BlobStore } from '../store/blob-store.ts';

const pageSize = 1000;

/** All entries under a prefix, a page at a time. */
export async function* allPages(store: BlobStore, prefix: string): AsyncGenerator<readonly BlobEntry[]> {
  let after: string | null = null;
  do {
    const page: BlobPage = await store.list(prefix, { limit: pageSize, ...(after === null ? {} : { after }) });
    yield page.entries;
    after = page.next;
  } while (after !== null);
}
