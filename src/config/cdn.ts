import { type Reader, tokenIn, urlIn } from './readers.ts';
import { optionalSetting, setting } from './setting.ts';

const purgerKinds = ['varnish', 'cloudflare', 'cloudfront', 'fastly', 'webhook'] as const;

export interface ConfiguredPurger {
  readonly kind: (typeof purgerKinds)[number];
  /** An address for `varnish` and `webhook`, for others what the provider calls it. */
  readonly target: string;
}

/** `varnish=http://cache:6081;fastly=SERVICE`; an address may hold a secret. */
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

/** What stands in front. */
export const cdnSettings = {
  purgers: setting(
    'TINTYPE_PURGERS',
    '',
    purgersReader(),
    'CDNs that are told to forget: `varnish=http://cache:6081;cloudflare=ZONE;cloudfront=ID;fastly=SERVICE;webhook=https://…`; a kind may repeat. With one, unversioned answers may stay at the edge for a year.',
  ),
  cloudflareToken: optionalSetting(
    'TINTYPE_CLOUDFLARE_TOKEN',
    tokenIn(),
    'Opens the cache of a Cloudflare zone (Zone → Cache Purge).',
  ),
  fastlyToken: optionalSetting(
    'TINTYPE_FASTLY_TOKEN',
    tokenIn(),
    'Opens the cache of a Fastly service (purge_select, purge_all).',
  ),
} as const;
