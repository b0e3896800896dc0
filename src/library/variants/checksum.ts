import { createHash } from 'node:crypto';

/** Bytes that a stored variant is longer than its picture. */
export const checksumBytes = 32;

const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest();

/** A variant's bytes with their SHA-256 behind them: it needs no metadata, so it survives being copied between stores. */
export function appendChecksum(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const sealed = new Uint8Array(bytes.byteLength + checksumBytes);
  sealed.set(bytes);
  sealed.set(digest(bytes), bytes.byteLength);
  return sealed;
}

/** The picture's bytes, or null where they are not what was written. */
export function verifyChecksum(sealed: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> | null {
  const length = sealed.byteLength - checksumBytes;
  if (length <= 0) return null;
  const bytes = sealed.subarray(0, length);
  return digest(bytes).equals(sealed.subarray(length)) ? bytes : null;
}
