import { Failure } from '../../errors.ts';

/** Code of a failed call: that of the server, or that of the network error. */
interface Trouble {
  readonly code: string;
  /** Null without a response. */
  readonly status: number | null;
}

const network = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EAI_AGAIN',
]);
const passingCodes = new Set([
  'TimeoutError',
  'SlowDown',
  'Throttling',
  'TooManyRequests',
  'RequestTimeout',
  // Of two concurrent conditional writes of one key, one must be retried.
  'ConditionalRequestConflict',
  'OperationAborted',
]);
// The last two come from the local disk of the spool.
const spaceRanOut = new Set(['QuotaExceeded', 'XMinioStorageFull', 'InsufficientStorage', 'ENOSPC', 'EDQUOT']);

/** A body that ended before its length. It is worth a retry. */
export class CutShort extends Error {
  override readonly name = 'CutShort';

  constructor(expected: number, received: number) {
    super(`Expected ${expected} bytes but received ${received}`);
  }
}

export function s3ErrorOf(error: unknown): Trouble {
  if (!(error instanceof Error)) return { code: 'an unknown error', status: null };
  const { httpStatusCode: status } = metadataOf(error);
  if (typeof status === 'number') return { code: error.name, status };
  // Without a response, the socket's error code is more specific than the SDK's name.
  return { code: 'code' in error && typeof error.code === 'string' ? error.code : error.name, status: null };
}

/** Metadata that the SDK attaches to its errors. */
function metadataOf(error: unknown): { readonly httpStatusCode?: unknown; readonly clockSkewCorrected?: unknown } {
  const metadata = error instanceof Error && '$metadata' in error ? error.$metadata : null;
  return typeof metadata === 'object' && metadata !== null ? metadata : {};
}

/** Whether a retry may succeed. */
export function isPassing(error: unknown): boolean {
  // The SDK has just learned the server's time and signs the next try with it.
  if (metadataOf(error).clockSkewCorrected === true) return true;
  const { code, status } = s3ErrorOf(error);
  if (error instanceof CutShort || passingCodes.has(code) || network.has(code)) return true;
  return status === 429 || status === 409 || (status !== null && status >= 500 && status !== 501 && status !== 507);
}

export function isMissingKey(error: unknown): boolean {
  return s3ErrorOf(error).code === 'NoSuchKey';
}

/** Whether the condition of a write did not hold. */
export function isLost(error: unknown): boolean {
  const { code, status } = s3ErrorOf(error);
  return status === 412 || code === 'PreconditionFailed';
}

/** Whether the server does not support the call, or not in this form. */
export function isRefusedForm(error: unknown): boolean {
  const { status } = s3ErrorOf(error);
  return status === 400 || status === 405 || status === 411 || status === 501;
}

export function isUnknownToServer(error: unknown): boolean {
  const { code, status } = s3ErrorOf(error);
  return status === 501 || code === 'NotImplemented';
}

/** Text for error messages: `SlowDown (503)`, `ECONNREFUSED`. */
export function s3ErrorText(error: unknown): string {
  const { code, status } = s3ErrorOf(error);
  return status === null ? code : `${code} (${status})`;
}

/**
 * Converts an SDK error to a Failure. The message names neither bucket nor key; the cause contains only what is safe to
 * log.
 */
export function s3Failure(action: string, error: unknown): Failure {
  if (error instanceof Failure) return error;
  const { code, status } = s3ErrorOf(error);
  const received = s3ErrorText(error);
  const cause = Object.assign(new Error(error instanceof Error ? error.message : String(error)), {
    name: code,
    status,
  });
  return spaceRanOut.has(code) || status === 507
    ? new Failure('disk-full', `The disk or bucket is full: the store could not ${action}: ${received}`, { cause })
    : new Failure('store-unreachable', `The S3 server could not ${action}: ${received}`, { cause });
}

/** Failure for a server that ignores conditional writes, which `putIfAbsent` and `replaceIf` need. */
export function lacksConditions(received: string): Failure {
  return new Failure(
    'store-unreachable',
    'The S3 server does not support conditional writes (If-None-Match, If-Match), so writers would overwrite each ' +
      `other; use another server. ${received}`,
  );
}
