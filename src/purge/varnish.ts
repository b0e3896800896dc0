import { send } from './http.ts';
import type { CdnApi } from './provider.ts';

export interface VarnishOptions {
  readonly name: string;
  /** Where Varnish listens. */
  readonly url: string;
}

/** The tag that the configuration of `GET /cdn/varnish` puts on all answers. */
export const everyAnswer = 'tintype:every';

/**
 * Varnish with the configuration of `GET /cdn/varnish`: one `PURGE` whose `Surrogate-Key` names tags for vmod xkey
 * (github.com/varnish/varnish-modules, vmod_xkey: `xkey.purge`, `xkey.softpurge`). 25 tags of 204 bytes stay within the 8 kB
 * that varnishd takes for one field (`http_req_hdr_len`).
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
