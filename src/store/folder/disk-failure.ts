import { Failure } from '../../errors.ts';

const spaceRanOut = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);
/** Limits of open files of the process or the machine. They pass once files are closed. */
const filesRanOut = new Set(['EMFILE', 'ENFILE']);

/** Error code of a node:fs error, or the empty string. */
export function errnoOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** Converts a file system error to a Failure, whose message names no path. A Failure is returned as is. */
export function diskFailure(action: string, cause: unknown): Failure {
  if (cause instanceof Failure) return cause;
  const code = errnoOf(cause) || 'an unknown error';
  if (filesRanOut.has(code)) {
    const headers = { 'Retry-After': '1' };
    return new Failure('overloaded', `No file descriptor is free to ${action} (${code}); retry in 1 s`, {
      cause,
      headers,
    });
  }
  return spaceRanOut.has(code)
    ? new Failure('disk-full', `The disk is full: the store could not ${action}: ${code}`, { cause })
    : new Failure('store-unreachable', `The store could not ${action}: ${code}`, { cause });
}

/** Runs `work` and converts its errors by `diskFailure`, except TypeError, which is a bug. */
export async function onDisk<T>(action: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof TypeError) throw cause;
    throw diskFailure(action, cause);
  }
}
