import * as v from 'valibot';
import { send } from './http.ts';
import { type CdnApi, CdnApiError } from './provider.ts';

export interface CloudflareOptions {
  readonly name: string;
  readonly zone: string;
  /** With the permission Zone → Cache Purge. */
  readonly token: string;
  /** Another API than Cloudflare's own: for tests. */
  readonly endpoint?: string;
}

/**
 * Cloudflare, by cache tag: `POST /zones/{zone}/purge_cache` with `tags`, at most 100 of them in a request on every plan, or
 * `purge_everything`; a token bucket answers 429 (developers.cloudflare.com/cache/how-to/purge-cache and
 * /api/resources/cache/methods/purge). It cannot mark stale. Tags are compared without regard to case there.
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
      if (!saysSuccess(answer)) throw new CdnApiError('Expected success but received a refusal', { passes: false });
    },
  };
}

const success = v.pipe(v.string(), v.parseJson(), v.object({ success: v.literal(true) }));

/** A 200 may still say no. */
function saysSuccess(answer: string): boolean {
  return v.safeParse(success, answer).success;
}
