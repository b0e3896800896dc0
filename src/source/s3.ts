import type { S3Reader } from '../store/s3/s3-reader.ts';
import { isPath, type ReferencedSource, sourceUnreachable } from './source.ts';

/** Serves objects of a bucket. Validator: ETag. */
export function s3Source(bucket: S3Reader): ReferencedSource {
  const unreachable = (cause: unknown): never => {
    throw sourceUnreachable(cause);
  };
  return {
    kind: 'reference',
    name: bucket.name,
    peek: async (path) => (isPath(path) ? bucket.tagOf(path).catch(unreachable) : null),
    read: (path, validator, range) => bucket.read(path, validator, range).catch(unreachable),
    localPath: (path, validator) => bucket.localPath(path, validator).catch(unreachable),
    close: () => bucket.close(),
  };
}
