import { createHmac } from 'node:crypto';
import { unsigned } from './signed-path.ts';

/**
 * Signs URLs with a key of TINTYPE_SIGNING_KEYS, for servers that run Node's crypto; `tintype/client/sign-web` does it with the
 * one that browsers have. The key is a secret: never send this to a browser. What it gives throws a RangeError for what is
 * no URL of a picture.
 */
export function signer(key: string): (url: string) => string {
  return (url) => {
    const path = unsigned(url);
    return path.with(createHmac('sha256', key).update(path.message).digest('base64url'));
  };
}
