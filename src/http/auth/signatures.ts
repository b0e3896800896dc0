import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';

/** Characters of a signature: base64url of the first 192 bits of an HMAC-SHA256. */
const length = 32;

/** Route and id, the signature, and what stands behind it; all as it was sent. */
const signedPath = /^(\/[^/]*\/)([^/]*)\/s--([A-Za-z0-9_-]*)--(?:\/(.+))?$/s;

/** Signs paths of the form `/img/{id}/s--{signature}--/…` and knows those it, or another holder of a key, has signed. */
export class Signatures {
  readonly #keys: readonly KeyObject[];

  /** The first key signs, all of them verify. None: nothing needs a signature. */
  constructor(keys: readonly string[]) {
    this.#keys = keys.map((key) => createSecretKey(key, 'utf8'));
  }

  get areRequired(): boolean {
    return this.#keys.length > 0;
  }

  /** A path with its signature; as it is where nothing needs one. */
  sign(path: string): string {
    const [key] = this.#keys;
    const [, route = '', id = '', rest = ''] = /^(\/[^/]*\/)([^/]*)(?:\/(.*))?$/s.exec(path) ?? [];
    if (key === undefined || id === '') return path;
    const signature = make(key, id, rest).toString('latin1');
    return `${route}${id}/s--${signature}--${rest === '' ? '' : `/${rest}`}`;
  }

  /** Whether a raw path, without its query, carries the signature of one of the keys. Takes as long for every wrong one. */
  verify(path: string): boolean {
    const [, , id = '', sent = '', rest = ''] = signedPath.exec(path) ?? [];
    if (sent.length !== length) return false;
    const presented = Buffer.from(sent, 'latin1');
    let holds = false;
    for (const key of this.#keys) if (timingSafeEqual(make(key, id, rest), presented)) holds = true;
    return holds;
  }
}

/** Of the characters themselves, as they came over the wire: one byte each. */
function make(key: KeyObject, id: string, rest: string): Buffer {
  const whole = createHmac('sha256', key).update(`${id}/${rest}`, 'latin1').digest('base64url');
  return Buffer.from(whole.slice(0, length), 'latin1');
}
