import { send } from './http.ts';
import type { CdnApi } from './provider.ts';

export interface VarnishOptions {
  readonly name: string;
  /** Address at which Varnish listens. */
  readonly url: string;
}

/** Tag that the configuration of `GET /cdn/varnish` adds to every response. */
export const everyAnswer = 'tintype:every';

/**
 * Varnish with the configuration of `GET /cdn/varnish`: a `PURGE` request whose `Surrogate-Key` lists tags for vmod
 * xkey. 25 tags of 204 bytes fit into the 8 kB that varnishd accepts for a field (`http_req_hdr_len`). Source:
 * github.com/varnish/varnish-modules, vmod_xkey (`xkey.purge`, `xkey.softpurge`).
 */
export function varnishApi({ name, url }: VarnishOptions): CdnApi {
  return {
    name,
    maxKeys: 25,
    canSoften: () => true,
    send: async ({ keys, soft, signal }) => {
      const tags = keys === 'everything' ? everyAnswer : keys.join(' ');
      const headers = { 'surrogate-key': tags, ...(soft ? { 'tintype-soft': '1' } : {}) };
      await send(url, { method: 'PURGE', headers, signal });
    },
  };
}
