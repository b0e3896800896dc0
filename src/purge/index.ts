import { cloudflareApi } from './cloudflare.ts';
import { cloudFrontApi } from './cloudfront.ts';
import { fastlyApi } from './fastly.ts';
import { type CdnApi, purgerOf } from './provider.ts';
import type { Cdn } from './purger.ts';
import { varnishApi } from './varnish.ts';
import { webhookApi } from './webhook.ts';

/** API tokens and secrets of the CDNs. */
export interface PurgeSecrets {
  readonly cloudflareToken: string | null;
  readonly fastlyToken: string | null;
  readonly webhookSecret: string | null;
}

interface Opening extends PurgeSecrets {
  readonly name: string;
  readonly target: string;
}

/** All kinds of CDN that can be purged. Each entry throws if its secret is missing. */
const catalogue = {
  varnish: ({ name, target }: Opening): CdnApi => varnishApi({ name, url: target }),
  cloudflare: ({ name, target, cloudflareToken }: Opening): CdnApi =>
    cloudflareApi({ name, zone: target, token: needed(cloudflareToken, 'TINTYPE_CLOUDFLARE_TOKEN', name) }),
  cloudfront: ({ name, target }: Opening): Promise<CdnApi> => cloudFrontApi({ name, distribution: target }),
  fastly: ({ name, target, fastlyToken }: Opening): CdnApi =>
    fastlyApi({ name, service: target, token: needed(fastlyToken, 'TINTYPE_FASTLY_TOKEN', name) }),
  webhook: ({ name, target, webhookSecret }: Opening): CdnApi =>
    webhookApi({ name, url: target, secret: needed(webhookSecret, 'TINTYPE_WEBHOOK_SECRET', name) }),
} as const;

export type PurgerKind = keyof typeof catalogue;

/** CDN to purge: its kind, and its address or the provider's id for it. */
export interface PurgerTarget {
  readonly kind: PurgerKind;
  readonly target: string;
}

export async function openPurgers(places: readonly PurgerTarget[], secrets: PurgeSecrets): Promise<readonly Cdn[]> {
  const seen = new Map<PurgerKind, number>();
  const providers = places.map(({ kind, target }) => {
    const count = (seen.get(kind) ?? 0) + 1;
    seen.set(kind, count);
    return catalogue[kind]({ ...secrets, target, name: count === 1 ? kind : `${kind}-${count}` });
  });
  return Promise.all(providers.map(async (provider) => purgerOf(await provider)));
}

function needed(secret: string | null, variable: string, name: string): string {
  if (secret === null) throw new Error(`${variable} is not set; ${name} in TINTYPE_PURGERS needs it`);
  return secret;
}
