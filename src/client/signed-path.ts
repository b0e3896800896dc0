import { canonicalId } from '../transform/id.ts';

/** Characters of a signature: base64url of the first 192 bits of an HMAC-SHA256. */
export const signatureLength = 32;

/** A URL, or a path, taken apart for its signature. */
export interface Unsigned {
  /** What a signature is made of: the canonical id, a slash, and what stands behind. */
  readonly message: string;
  /** The whole with its signature. */
  readonly with: (signature: string) => string;
}

/** Behind an address without a path: what stands before `/img/` is the CDN's own business, and no part of what is signed. */
const parts = /^((?:(?:https?:)?\/\/[^/]+)?\/(?:img|info|picture)\/)([^/?#]+)(?:\/([^?#]*))?([?#].*)?$/s;

/** The canonical id that one raw segment spells, or null. */
export function decodedId(raw: string): string | null {
  try {
    return canonicalId(decodeURIComponent(raw));
  } catch {
    return null;
  }
}

/** Expects the id in one segment. Throws a RangeError for what is no URL of a picture, or has its signature already. */
export function unsigned(url: string): Unsigned {
  const [, route, id, rest = '', query = ''] = parts.exec(url) ?? [];
  const canonical = id === undefined ? null : decodedId(id);
  if (route === undefined || canonical === null || /^s--[A-Za-z0-9_-]*--/.test(rest)) {
    throw new RangeError(
      `Expected a URL such as /img/cat/w_400 without a signature but received "${url.slice(0, 100)}"`,
    );
  }
  return {
    message: `${canonical}/${rest}`,
    with: (signature) =>
      `${route}${id}/s--${signature.slice(0, signatureLength)}--${rest === '' ? '' : `/${rest}`}${query}`,
  };
}
