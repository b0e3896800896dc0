import { Failure } from '../../errors.ts';

const spaceRanOut = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);
/** The process or the machine holds as many open files as it may: it is over as soon as some are closed. */
const filesRanOut = new Set(['EMFILE', 'ENFILE']);

/** The errno name of a node:fs error, or the empty string. */
export function errnoOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** A disk's refusal as a Failure; the sentence names no path, the cause does. A Failure stays what it is. */
export function diskFailure(doing: string, cause: unknown): Failure {
  if (cause instanceof Failure) return cause;
  const code = errnoOf(cause) || 'an unknown error';
  if (filesRanOut.has(code)) {
    const headers = { 'Retry-After': '1' };
    return new Failure('overloaded', `Expected a free file descriptor to ${doing} but received ${code}`, {
      cause,
      headers,
    });
  }
  return spaceRanOut.has(code)
    ? new Failure('disk-full', `Expected free space to ${doing} but received ${code}`, { cause })
    : new Failure('store-unreachable', `Expected the store to ${doing} but received ${code}`, { cause });
}

/** Runs `work`; whatever the disk refuses comes out as a Failure. A TypeError is a bug of ours and stays one. */
export async function onDisk<T>(doing: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof TypeError) throw cause;
    throw diskFailure(doing, cause);
  }
}
