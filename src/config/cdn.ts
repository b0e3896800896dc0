import { type Reader, tokenIn, urlIn } from './readers.ts';
import { optionalSetting, setting } from './setting.ts';

const purgerKinds = ['varnish', 'cloudflare', 'cloudfront', 'fastly', 'webhook'] as const;

export interface ConfiguredPurger {
  readonly kind: (typeof purgerKinds)[number];
  /** A URL for `varnish` and `webhook`; the provider's id of the zone, distribution or service for others. */
  readonly target: string;
}

/** Reads `varnish=http://cache:6081;fastly=SERVICE`. Secret, because a URL may contain credentials. */
export const purgersReader = (): Reader<readonly ConfiguredPurger[]> => ({
  expected: `kind=target joined by semicolons, kinds ${purgerKinds.join(', ')}, or nothing`,
  secret: true,
  parse(text) {
    if (text === '') return [];
    const purgers = text.split(';').flatMap((item) => onePurger(item) ?? []);
    return purgers.length === text.split(';').length ? purgers : undefined;
  },
});

function onePurger(text: string): ConfiguredPurger | undefined {
  const at = text.indexOf('=');
  const kind = purgerKinds.find((each) => each === text.slice(0, at));
  if (kind === undefined) return undefined;
  const target = text.slice(at + 1);
  const isTarget =
    kind === 'varnish' || kind === 'webhook' ? urlIn().parse(target) : /^[A-Za-z0-9_-]{1,64}$/.test(target);
  return isTarget ? { kind, target } : undefined;
}

/** Settings of the CDNs in front of this server. */
export const cdnSettings = {
  purgers: setting(
    'TINTYPE_PURGERS',
    '',
    purgersReader(),
    'CDNs to purge: `varnish=http://cache:6081;cloudflare=ZONE;cloudfront=ID;fastly=SERVICE;webhook=https://…`. A kind may repeat. If set, unversioned responses may stay at the edge for a year.',
  ),
  cloudflareToken: optionalSetting(
    'TINTYPE_CLOUDFLARE_TOKEN',
    tokenIn(),
    'Cloudflare API token with the permission Zone → Cache Purge.',
  ),
  fastlyToken: optionalSetting(
    'TINTYPE_FASTLY_TOKEN',
    tokenIn(),
    'Fastly API token with the scopes purge_select and purge_all.',
  ),
} as const;
