import { isStorageKey } from '../keys.ts';

export interface S3Options {
  /** Of a server other than AWS; absent for AWS. */
  readonly endpoint?: string | undefined;
  readonly forcePathStyle: boolean;
  /** How many calls may be under way at a time without waiting for a socket; there are four times as many. */
  readonly concurrency: number;
  /** Milliseconds for one call with all its retries; a transfer gets a second more for each megabyte. */
  readonly deadline: number;
}

export interface S3Place {
  readonly bucket: string;
  /** Empty, or ends with a slash. */
  readonly prefix: string;
}

export const usualS3: S3Options = { forcePathStyle: false, concurrency: 16, deadline: 10_000 };

/** 1024 bytes of an S3 key less the 900 of ours. */
const maxPrefix = 120;

/** What stands behind `s3:` in a store's URL; throws one sentence. */
export function parsePlace(location: string): S3Place {
  const [, bucket, path = ''] = /^\/\/([A-Za-z0-9][A-Za-z0-9._-]{1,254})(?:\/(.*))?$/.exec(location) ?? [];
  const prefix = path === '' || path.endsWith('/') ? path : `${path}/`;
  if (bucket === undefined || prefix.length > maxPrefix || (prefix !== '' && !isStorageKey(prefix.slice(0, -1)))) {
    // What stands there instead of a bucket may be a password.
    throw new Error('Expected s3://bucket or s3://bucket/prefix, the prefix as keys are, but received another s3: URL');
  }
  return { bucket, prefix };
}

/** Credentials have places of their own: in the endpoint they would come out in errors and logs. */
export function checkEndpoint(endpoint: string | undefined): void {
  if (endpoint === undefined) return;
  const url = URL.canParse(endpoint) ? new URL(endpoint) : null;
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') {
    throw new Error('Expected an http or https URL without credentials as the S3 endpoint but received another text');
  }
}
