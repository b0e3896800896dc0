import { createHash } from 'node:crypto';
import type { PeerUrl } from '../../src/dialects/dialect.ts';

/** What a dialect is told of a URL behind its prefix. */
export function peerUrl(text: string): PeerUrl {
  const [path = '', ...query] = text.replace(/^\//, '').split('?');
  return { path, query: query.join('?') };
}

/** The id that a server keeps a picture of the web under; other ids are their own. */
export function storedAs(id: string): string {
  if (!/^https?:/.test(id)) return id;
  const { href, hostname } = new URL(id);
  return `web:${hostname}:${createHash('sha256').update(href).digest('hex').slice(0, 32)}`;
}
