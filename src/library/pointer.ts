import { Failure } from '../errors.ts';
import { noNotes, type Original } from './original.ts';

export function writePointer(original: Original): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify(original));
}

/** @throws Failure `damaged-original` where the bytes are not a pointer we wrote. */
export function readPointer(bytes: Uint8Array, id: string): Original {
  try {
    const read: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    // Records of earlier releases say less.
    if (isOriginal(read, id)) return { ...noNotes, ...read };
  } catch (cause) {
    throw new Failure('damaged-original', `Expected the record of "${id}" to be readable`, { cause });
  }
  throw new Failure('damaged-original', `Expected the record of "${id}" to be complete`);
}

/** We write it whole or not at all, so what names the right id, bytes and facts is ours. */
function isOriginal(read: unknown, id: string): read is Original {
  if (typeof read !== 'object' || read === null) return false;
  const fields = new Map<string, unknown>(Object.entries(read));
  return (
    fields.get('id') === id &&
    typeof fields.get('version') === 'string' &&
    typeof fields.get('generation') === 'number' &&
    typeof fields.get('blob') === 'string' &&
    typeof fields.get('facts') === 'object'
  );
}
