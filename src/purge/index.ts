import { cloudflare } from './cloudflare.ts';
import { cloudFront } from './cloudfront.ts';
import { fastly } from './fastly.ts';
import { type Provider, purgerOf } from './provider.ts';
import type { Purger } from './purger.ts';
import { varnish } from './varnish.ts';
import { webhook } from './webhook.ts';

/** What opens purgers, beside where they are. */
export interface PurgeSecrets {
  readonly cloudflareToken: string | null;
  readonly fastlyToken: string | null;
  readonly webhookSecret: string | null;
}

interface Opening extends PurgeSecrets {
  readonly name: string;
  readonly target: string;
}

/** Every kind of CDN that can be told to forget. Each throws one sentence where its secret is missing. */
const catalogue = {
  varnish: ({ name, target }: Opening): Provider => varnish({ name, url: target }),
  cloudflare: ({ name, target, cloudflareToken }: Opening): Provider =>
    cloudflare({ name, zone: target, token: needed(cloudflareToken, 'TINTYPE_CLOUDFLARE_TOKEN', name) }),
  cloudfront: ({ name, target }: Opening): Promise<Provider> => cloudFront({ name, distribution: target }),
  fastly: ({ name, target, fastlyToken }: Opening): Provider =>
    fastly({ name, service: target, token: needed(fastlyToken, 'TINTYPE_FASTLY_TOKEN', name) }),
  webhook: ({ name, target, webhookSecret }: Opening): Provider =>
    webhook({ name, url: target, secret: needed(webhookSecret, 'TINTYPE_WEBHOOK_SECRET', name) }),
} as const;

export type PurgerKind = keyof typeof catalogue;

/** Where a CDN is: an address, or what its provider calls it. */
export interface PurgerPlace {
  readonly kind: PurgerKind;
  readonly target: string;
}

export async function openPurgers(places: readonly PurgerPlace[], secrets: PurgeSecrets): Promise<readonly Purger[]> {
  const seen = new Map<PurgerKind, number>();
  const providers = places.map(({ kind, target }) => {
    const count = (seen.get(kind) ?? 0) + 1;
    seen.set(kind, count);
    return catalogue[kind]({ ...secrets, target, name: count === 1 ? kind : `${kind}-${count}` });
  });
  return Promise.all(providers.map(async (provider) => purgerOf(await provider)));
}

function needed(secret: string | null, variable: string, name: string): string {
  if (secret === null) throw new Error(`Expected ${variable} beside ${name} in TINTYPE_PURGERS`);
  return secret;
}
