import { bucketTimeout, withStoreTimeout } from '../../concurrency/store-timeout.ts';
import type { Report } from '../../observability/report.ts';
import type { BlobStore } from '../../store/blob-store.ts';
import { verifyChecksum } from './checksum.ts';

/** A bucket that does not answer is a miss: the picture can still be made. A damaged variant is one too, and goes. */
export async function readStored(
  { variants, report }: { readonly variants: BlobStore; readonly report: Report },
  key: string,
): Promise<Uint8Array<ArrayBuffer> | null> {
  try {
    const blob = await withStoreTimeout(bucketTimeout, variants.get(key));
    if (blob === null) return null;
    const bytes = verifyChecksum(blob.bytes);
    if (bytes !== null) return bytes;
    report('A stored variant is damaged and will be made again', key);
    await variants.delete([key]);
  } catch (cause) {
    report('The store of variants does not answer', cause);
  }
  return null;
}
