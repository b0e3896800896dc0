import { isStorageKey } from '../keys.ts';

export interface S3Options {
  /** URL of a server other than AWS; absent for AWS. */
  readonly endpoint?: string | undefined;
  readonly forcePathStyle: boolean;
  /** Expected number of concurrent calls. Four times as many sockets are allowed. */
  readonly concurrency: number;
  /** Milliseconds for a call with all retries. A transfer gets one more second per megabyte. */
  readonly deadline: number;
}

export interface S3Place {
  readonly bucket: string;
  /** Empty, or ends with a slash. */
  readonly prefix: string;
}

export const usualS3: S3Options = { forcePathStyle: false, concurrency: 16, deadline: 10_000 };

/** S3 keys have at most 1024 bytes; ours need 900. */
const maxPrefix = 120;

/** Parses the part of a store's URL after `s3:`. Throws Error if it is invalid. */
export function parsePlace(location: string): S3Place {
  const [, bucket, path = ''] = /^\/\/([A-Za-z0-9][A-Za-z0-9._-]{1,254})(?:\/(.*))?$/.exec(location) ?? [];
  const prefix = path === '' || path.endsWith('/') ? path : `${path}/`;
  if (bucket === undefined || prefix.length > maxPrefix || (prefix !== '' && !isStorageKey(prefix.slice(0, -1)))) {
    // The invalid text may contain a password.
    throw new Error(
      'Expected s3://bucket or s3://bucket/prefix (prefix: at most 119 printable ASCII characters) but received another s3: URL',
    );
  }
  return { bucket, prefix };
}

/** Throws Error unless the endpoint is a URL without credentials, which would leak into errors and logs. */
export function checkEndpoint(endpoint: string | undefined): void {
  if (endpoint === undefined) return;
  const url = URL.canParse(endpoint) ? new URL(endpoint) : null;
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') {
    throw new Error(
      'Expected an http or https URL without credentials for the S3 endpoint but received something else',
    );
  }
}
