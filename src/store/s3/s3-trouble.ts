import { Failure } from '../../errors.ts';

/** What a failed call to an S3 server tells: the server's own word for it, or the name of what broke on the way. */
interface Trouble {
  readonly code: string;
  /** Null when no answer came. */
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
  // Two conditional writes of one key at a time: one of them is asked to come again.
  'ConditionalRequestConflict',
  'OperationAborted',
]);
// The last two are of our own disk, under the spool.
const spaceRanOut = new Set(['QuotaExceeded', 'XMinioStorageFull', 'InsufficientStorage', 'ENOSPC', 'EDQUOT']);

/** A body that ended before its length; worth another try. */
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
  // No answer: the socket's errno says more than the name the SDK gives it.
  return { code: 'code' in error && typeof error.code === 'string' ? error.code : error.name, status: null };
}

/** What the SDK notes on its errors. */
function metadataOf(error: unknown): { readonly httpStatusCode?: unknown; readonly clockSkewCorrected?: unknown } {
  const metadata = error instanceof Error && '$metadata' in error ? error.$metadata : null;
  return typeof metadata === 'object' && metadata !== null ? metadata : {};
}

/** Whether the same call may well succeed in a moment. */
export function isPassing(error: unknown): boolean {
  // Our clock is wrong: the SDK has read the server's by now, and signs the next try with it.
  if (metadataOf(error).clockSkewCorrected === true) return true;
  const { code, status } = s3ErrorOf(error);
  if (error instanceof CutShort || passingCodes.has(code) || network.has(code)) return true;
  return status === 429 || status === 409 || (status !== null && status >= 500 && status !== 501 && status !== 507);
}

export function isMissingKey(error: unknown): boolean {
  return s3ErrorOf(error).code === 'NoSuchKey';
}

/** A condition of a write did not hold. */
export function isLost(error: unknown): boolean {
  const { code, status } = s3ErrorOf(error);
  return status === 412 || code === 'PreconditionFailed';
}

/** What the server has no word for, or does not take in this form. */
export function isRefusedForm(error: unknown): boolean {
  const { status } = s3ErrorOf(error);
  return status === 400 || status === 405 || status === 411 || status === 501;
}

export function isUnknownToServer(error: unknown): boolean {
  const { code, status } = s3ErrorOf(error);
  return status === 501 || code === 'NotImplemented';
}

/** What was received, for a sentence: `SlowDown (503)`, `ECONNREFUSED`. */
export function s3ErrorText(error: unknown): string {
  const { code, status } = s3ErrorOf(error);
  return status === null ? code : `${code} (${status})`;
}

/** The sentence names neither bucket nor key, and the cause has nothing of the SDK's error but what is safe to log. */
export function s3Failure(doing: string, error: unknown): Failure {
  if (error instanceof Failure) return error;
  const { code, status } = s3ErrorOf(error);
  const received = s3ErrorText(error);
  const cause = Object.assign(new Error(error instanceof Error ? error.message : String(error)), {
    name: code,
    status,
  });
  return spaceRanOut.has(code) || status === 507
    ? new Failure('disk-full', `Expected free space to ${doing} but received ${received}`, { cause })
    : new Failure('store-unreachable', `Expected the S3 server to ${doing} but received ${received}`, { cause });
}

/** A server on which `putIfAbsent` and `replaceIf` cannot be promised. */
export function lacksConditions(received: string): Failure {
  return new Failure(
    'store-unreachable',
    `Expected an S3 server that keeps the conditions If-None-Match and If-Match of writes but received ${received}: ` +
      'without them writers overwrite each other, so it cannot be used',
  );
}
