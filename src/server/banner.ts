import { networkInterfaces } from 'node:os';
import { frontPageOf, hasSamples, samplePathOf } from '../config/front-page.ts';
import type { Config } from '../config/index.ts';
import { Signatures } from '../http/auth/signatures.ts';

/** How the server says where it listens: to people, or in one line of JSON. */
export type Banner = 'text' | 'json';

interface BannerOptions {
  readonly config: Config;
  readonly port: number;
  /** A shell expression that prints the token; null: the token is configured. */
  readonly shell: string | null;
}

export function printBanner(kind: Banner, options: BannerOptions): void {
  console.error(kind === 'json' ? jsonOf(options) : textOf(options));
}

/** Listening there means listening on all addresses, so a browser needs another one. */
const loopbackOf: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };

const urlOf = (host: string, port: number) => `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
const openableUrl = ({ config: { host }, port }: BannerOptions) => urlOf(loopbackOf[host] ?? host, port);

/** URLs of this machine as other machines see it; none where the server listens on one address. */
function otherUrls({ config: { host }, port }: BannerOptions): readonly string[] {
  if (loopbackOf[host] === undefined) return [];
  const addresses = Object.values(networkInterfaces()).flatMap((some) => some ?? []);
  const outer = addresses.filter(({ family, internal }) => family === 'IPv4' && !internal);
  return outer.map(({ address }) => urlOf(address, port));
}

function jsonOf(options: BannerOptions): string {
  const { store, source } = options.config;
  return JSON.stringify({ url: openableUrl(options), store, source });
}

function textOf(options: BannerOptions): string {
  const { config, shell } = options;
  const url = openableUrl(options);
  const others = otherUrls(options);
  const token = shell ?? '$TINTYPE_TOKEN';
  const sample = samplePathOf(config);
  const page = { playground: ['Try everything   '], landing: ['Begin here       '], off: [] }[frontPageOf(config)];
  const signed = (path: string) => new Signatures(config.signingKeys ?? []).sign(path);
  return [
    `Tintype listens on ${url}${others.length === 0 ? '' : ' and on all other addresses'} and keeps originals in ${config.store}`,
    ...(others.length === 0 ? [] : [`From elsewhere   ${others.join(' ')}`]),
    ...page.map((label) => `${label}${url}/`),
    ...(hasSamples(config) && sample !== null ? [`See a picture    ${url}${signed(sample)}`] : []),
    `Store your own   curl -T photo.jpg -H "Authorization: Bearer ${token}" ${url}/originals/photo`,
  ].join('\n');
}
