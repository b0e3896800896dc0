import { createHmac } from 'node:crypto';

/** Two keys of 32 bytes and one that was taken out of use. */
export const keys = [
  'k'.repeat(16) + '0123456789abcdef',
  'the-second-key-of-this-server-é…!',
  'a-key-that-nobody-believes-any-more!',
] as const;

/** A signature as the documents describe it, made without a line of the server's. */
export function signatureOf(id: string, rest: string, key: string = keys[0]): string {
  return createHmac('sha256', key).update(`${id}/${rest}`).digest('base64url').slice(0, 32);
}

/** `/img/{id}/s--…--/{rest}` */
export function signed(id: string, rest: string, key: string = keys[0]): string {
  return `/img/${id}/s--${signatureOf(id, rest, key)}--${rest === '' ? '' : `/${rest}`}`;
}
