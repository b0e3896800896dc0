import type { S3Reader } from '../store/s3/s3-reader.ts';
import {
  isPath,
  isPicturePath,
  type ReferencedSource,
  type SourceEntry,
  type SourcePage,
  sourceUnreachable,
} from './source.ts';

/** Serves objects of a bucket. Validator: ETag. */
export function s3Source(bucket: S3Reader): ReferencedSource {
  const unreachable = (cause: unknown): never => {
    throw sourceUnreachable(cause);
  };
  return {
    kind: 'reference',
    name: bucket.name,
    peek: async (path) => (isPath(path) ? bucket.tagOf(path).catch(unreachable) : null),
    list: (prefix, after, limit) => listBucket(bucket, { prefix, after }, limit).catch(unreachable),
    read: (path, validator, range) => bucket.read(path, validator, range).catch(unreachable),
    localPath: (path, validator) => bucket.localPath(path, validator).catch(unreachable),
    close: () => bucket.close(),
  };
}

interface Wanted {
  readonly prefix: string;
  readonly after: string;
}

/** A page may need several lists, since other objects lie between the pictures. */
async function listBucket(bucket: S3Reader, { prefix, after }: Wanted, limit: number): Promise<SourcePage> {
  const entries: SourceEntry[] = [];
  for (let last = after; ; ) {
    const [objects, isMore] = await bucket.list(prefix, last, limit - entries.length);
    last = objects.at(-1)?.key ?? last;
    const found = objects.filter(({ key }) => isPath(key) && isPicturePath(key));
    entries.push(...found.map(({ key, bytes, modified }) => ({ path: key, bytes, modified })));
    if (!isMore) return { entries, next: null };
    if (entries.length >= limit) return { entries, next: last };
  }
}
