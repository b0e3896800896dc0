import type { CdnSettings } from './cdn.ts';

/**
 * Cloudflare, as the cache rules of a zone: the body of
 * `PUT /client/v4/zones/ZONE/rulesets/phases/http_request_cache_settings/entrypoint`, which replaces the rules there are
 * (developers.cloudflare.com/cache/how-to/cache-rules/create-api). Without rules Cloudflare caches by file extension alone; with
 * them it caches all of `/img/`. It does not look at Vary, so what depends on Accept goes through to us, whatever
 * TINTYPE_AUTO says. A custom key is for Enterprise zones only, so a query is in the key. Purged by
 * TINTYPE_PURGERS=cloudflare=ZONE. Collapsing is Cloudflare's own; a shield is Tiered Cache, switched on in the zone.
 */
export function cloudflareFile({ autoPresets, edge, negative }: CdnSettings): string {
  const path = 'http.request.uri.path';
  const varying = ['f_auto', '%', ...autoPresets].map((word) => `${path} contains "${word}"`).join(' or ');
  const rules = [
    {
      ref: 'tintype_negotiated',
      description: 'Tintype: what depends on Accept is not kept, since Cloudflare does not look at Vary',
      expression: `starts_with(${path}, "/img/") and (${varying})`,
      action: 'set_cache_settings',
      action_parameters: { cache: false },
    },
    {
      ref: 'tintype_images',
      description: `Tintype: images as long as they say (unversioned ${edge} s, missing ones ${negative} s, errors never)`,
      expression: `starts_with(${path}, "/img/") and not (${varying})`,
      action: 'set_cache_settings',
      action_parameters: {
        cache: true,
        edge_ttl: { mode: 'respect_origin' },
        browser_ttl: { mode: 'respect_origin' },
        serve_stale: { disable_stale_while_updating: false },
        respect_strong_etags: false,
      },
    },
    {
      ref: 'tintype_rest',
      description: 'Tintype: everything else goes through',
      expression: `not starts_with(${path}, "/img/")`,
      action: 'set_cache_settings',
      action_parameters: { cache: false },
    },
  ];
  return `${JSON.stringify({ rules }, null, 2)}\n`;
}
