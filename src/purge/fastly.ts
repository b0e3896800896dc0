import { send } from './http.ts';
import type { CdnApi } from './provider.ts';

export interface FastlyOptions {
  readonly name: string;
  readonly service: string;
  /** API token with the scope `purge_select`, and `purge_all` for everything. */
  readonly token: string;
  /** API address for tests. */
  readonly endpoint?: string;
}

/**
 * Fastly purge API, by surrogate key: `POST /service/{id}/purge` with at most 256 `surrogate_keys`. `Fastly-Soft-Purge:
 * 1` makes it soft; `POST /service/{id}/purge_all` is never soft (www.fastly.com/documentation/reference/api/purging).
 */
export function fastlyApi(options: FastlyOptions): CdnApi {
  const { name, service, token, endpoint = 'https://api.fastly.com' } = options;
  const base = `${endpoint}/service/${encodeURIComponent(service)}`;
  return {
    name,
    maxKeys: 256,
    canSoften: (keys) => keys !== 'everything',
    send: async ({ keys, soft, signal }) => {
      const headers = {
        'fastly-key': token,
        accept: 'application/json',
        'content-type': 'application/json',
        ...(soft ? { 'fastly-soft-purge': '1' } : {}),
      };
      if (keys === 'everything') await send(`${base}/purge_all`, { headers, signal });
      else await send(`${base}/purge`, { headers, body: JSON.stringify({ surrogate_keys: keys }), signal });
    },
  };
}
