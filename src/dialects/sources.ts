import type { PeerSource } from './dialect.ts';
import { decoded, type TransformWriter } from './spelling.ts';

/** Servers on the way may have made one slash of two. */
const webUrl = /^(https?):\/+(?=[^/])/i;

/** Reads where a picture lies, as it was sent; null, and a mistake noted, where that is nowhere we could look. */
export function sourceIn(spelling: TransformWriter, sent: string): PeerSource | null {
  const text = decoded(sent);
  if (text === null || /[\u0000-\u001f\u007f]/.test(text)) {
    spelling.wrong(sent, 'percent-encoded UTF-8 without control characters as the path of a picture');
    return null;
  }
  return webSourceOf(spelling, text);
}

/** The same of what is decoded already. */
export function webSourceOf(spelling: TransformWriter, text: string): PeerSource | null {
  if (webUrl.test(text)) return { kind: 'url', url: text.replace(webUrl, '$1://') };
  if (text.startsWith('s3://')) return { kind: 'url', url: text };
  const path = text.replace(/^local:\/\//, '').replace(/^\/+/, '');
  if (/^[a-z0-9+.-]+:\/\//i.test(path)) {
    spelling.refuse(text, 'no store of that kind: local, s3, http and https are known');
    return null;
  }
  if (path !== '' && !/[?#]/.test(path)) return { kind: 'path', path };
  spelling.wrong(text, 'the path of a picture without a query');
  return null;
}
