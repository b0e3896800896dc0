import * as v from 'valibot';
import { send } from './http.ts';
import { type CdnApi, CdnApiError } from './provider.ts';

export interface CloudflareOptions {
  readonly name: string;
  readonly zone: string;
  /** API token with the permission Zone → Cache Purge. */
  readonly token: string;
  /** API address for tests. */
  readonly endpoint?: string;
}

/**
 * Cloudflare purge API, by cache tag: `POST /zones/{zone}/purge_cache` with `tags` or `purge_everything`. At most 100
 * tags in a request on every plan; a token bucket answers 429 (developers.cloudflare.com/cache/how-to/purge-cache and
 * /api/resources/cache/methods/purge). Soft purge is not supported. Tags are compared without regard to case.
 */
export function cloudflareApi(options: CloudflareOptions): CdnApi {
  const { name, zone, token, endpoint = 'https://api.cloudflare.com/client/v4' } = options;
  const url = `${endpoint}/zones/${encodeURIComponent(zone)}/purge_cache`;
  return {
    name,
    maxKeys: 100,
    canSoften: () => false,
    send: async ({ keys, signal }) => {
      const body = JSON.stringify(keys === 'everything' ? { purge_everything: true } : { tags: keys });
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      const answer = await send(url, { headers, body, signal });
      if (!saysSuccess(answer)) throw new CdnApiError('Cloudflare refused the purge', { passes: false });
    },
  };
}

const success = v.pipe(v.string(), v.parseJson(), v.object({ success: v.literal(true) }));

/** A response of 200 may still report `success: false`. */
function saysSuccess(answer: string): boolean {
  return v.safeParse(success, answer).success;
}
