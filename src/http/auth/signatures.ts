import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';
import { idOfSegments, splitId } from '../../transform/id-segments.ts';

/** Characters of a signature: base64url of the first 192 bits of an HMAC-SHA256. */
const length = 32;

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
    const { route, spelled, rest } = partsOf(path);
    const id = idOfSegments(spelled);
    if (key === undefined || id === null) return path;
    const words = rest.join('/');
    const signature = make(key, id, words).toString('latin1');
    return `${route}${spelled.join('/')}/s--${signature}--${words === '' ? '' : `/${words}`}`;
  }

  /** Whether a raw path, without its query, carries the signature of one of the keys. Takes as long for every wrong one. */
  verify(path: string): boolean {
    const { spelled, signature, rest } = partsOf(path);
    const id = idOfSegments(spelled);
    const endsInSlash = rest.length === 1 && rest[0] === '';
    if (signature?.length !== length || id === null || endsInSlash) return false;
    const presented = Buffer.from(signature, 'latin1');
    let holds = false;
    for (const key of this.#keys) if (timingSafeEqual(make(key, id, rest.join('/')), presented)) holds = true;
    return holds;
  }
}

/** The route, such as `/img/`, and the raw segments behind it. */
function partsOf(path: string) {
  const end = path.indexOf('/', 1) + 1;
  return { route: path.slice(0, end), ...splitId(path.slice(end).split('/')) };
}

/** Signs the characters as they came over the wire, one byte each. */
function make(key: KeyObject, id: string, rest: string): Buffer {
  const whole = createHmac('sha256', key).update(`${id}/${rest}`, 'latin1').digest('base64url');
  return Buffer.from(whole.slice(0, length), 'latin1');
}
