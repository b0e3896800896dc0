import type { CdnSettings } from './cdn.ts';

/**
 * Cloudflare cache rules of a zone: the body of `PUT
 * /client/v4/zones/ZONE/rulesets/phases/http_request_cache_settings/entrypoint`, which replaces existing rules
 * (developers.cloudflare.com/cache/how-to/cache-rules/create-api). Without rules Cloudflare caches by file extension
 * alone; with them it caches all of `/img/`. Cloudflare ignores Vary, so responses that depend on Accept are not
 * cached, whatever TINTYPE_AUTO says. Custom cache keys need an Enterprise zone, so the query string stays part of the
 * key. Purge with TINTYPE_PURGERS=cloudflare=ZONE. Cloudflare coalesces requests itself; enable Tiered Cache in the
 * zone for a shield.
 */
export function cloudflareFile({ autoPresets, edge, negative }: CdnSettings): string {
  const path = 'http.request.uri.path';
  const varying = ['f_auto', '%', ...autoPresets].map((word) => `${path} contains "${word}"`).join(' or ');
  const rules = [
    {
      ref: 'tintype_negotiated',
      description: 'Tintype: responses that depend on Accept are not cached, because Cloudflare ignores Vary',
      expression: `starts_with(${path}, "/img/") and (${varying})`,
      action: 'set_cache_settings',
      action_parameters: { cache: false },
    },
    {
      ref: 'tintype_images',
      description: `Tintype: cache images as their headers say (unversioned ${edge} s, missing ones ${negative} s, errors never)`,
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
      description: 'Tintype: do not cache anything else',
      expression: `not starts_with(${path}, "/img/")`,
      action: 'set_cache_settings',
      action_parameters: { cache: false },
    },
  ];
  return `${JSON.stringify({ rules }, null, 2)}\n`;
}
