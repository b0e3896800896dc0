import { Failure } from '../../errors.ts';
import { noAnnotations, type Original } from '../original.ts';

/** What records of earlier releases leave out. */
const unspecified: Partial<Original> = { ...noAnnotations, source: null, removed: [] };

/** What a pointer's bytes say: an original, nothing because it was deleted, or nothing that can be read. */
export type ReadRecord =
  | { readonly original: Original; readonly damaged: null }
  | { readonly original: null; readonly damaged: Failure | null };

export function encodeRecord(original: Original): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify(original));
}

/** What stands where an original was deleted on a condition. */
export function tombstone(id: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify({ id, deleted: true }));
}

/** Never throws: bytes that are not ours are told as `damaged-original`, for whoever can mend them. */
export function decodeRecord(bytes: Uint8Array, id: string): ReadRecord {
  try {
    const read: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (isOriginal(read, id)) return { original: { ...unspecified, ...read }, damaged: null };
    if (isTombstone(read, id)) return { original: null, damaged: null };
  } catch (cause) {
    return damaged(`Expected the record of "${id}" to be readable`, cause);
  }
  return damaged(`Expected the record of "${id}" to be complete`);
}

function damaged(sentence: string, cause?: unknown): ReadRecord {
  return { original: null, damaged: new Failure('damaged-original', sentence, { cause }) };
}

/** We write it whole or not at all, so what names the right id, bytes and facts is ours. */
function isOriginal(read: unknown, id: string): read is Original {
  const fields = fieldsOf(read);
  return (
    fields.get('id') === id &&
    typeof fields.get('version') === 'string' &&
    typeof fields.get('generation') === 'number' &&
    typeof fields.get('blob') === 'string' &&
    typeof fields.get('facts') === 'object'
  );
}

function isTombstone(read: unknown, id: string): boolean {
  const fields = fieldsOf(read);
  return fields.get('id') === id && fields.get('deleted') === true;
}

function fieldsOf(read: unknown): ReadonlyMap<string, unknown> {
  return new Map<string, unknown>(typeof read === 'object' && read !== null ? Object.entries(read) : []);
}
