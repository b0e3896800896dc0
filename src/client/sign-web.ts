import { unsigned } from './signed-path.ts';

/** As `tintype/client/sign` with WebCrypto, for workers at the edge. The key is a secret: never send this to a browser. */
export function webSigner(key: string): (url: string) => Promise<string> {
  const bytes = (text: string) => new TextEncoder().encode(text);
  const imported = crypto.subtle.importKey('raw', bytes(key), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  return async (url) => {
    const path = unsigned(url);
    const mac = new Uint8Array(await crypto.subtle.sign('HMAC', await imported, bytes(path.message)));
    return path.with(
      btoa(String.fromCharCode(...mac))
        .replaceAll('+', '-')
        .replaceAll('/', '_'),
    );
  };
}
