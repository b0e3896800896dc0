export interface CdnOrigin {
  readonly secure: boolean;
  readonly host: string;
  readonly port: number;
}

/** Settings of this server that a CDN's configuration must match. */
export interface CdnSettings {
  /** Address at which the CDN reaches this server. */
  readonly origin: CdnOrigin;
  /** More nodes of the same service, for the CDNs in `manyOrigins`. They use the protocol of `origin`. */
  readonly others: readonly CdnOrigin[];
  /** Names of presets with `f_auto`, whose format depends on the Accept header. */
  readonly autoPresets: readonly string[];
  /** Maximum age at the edge, in seconds: of unversioned responses, and (`negative`) of a missing original. */
  readonly edge: number;
  readonly negative: number;
  /** Maximum time to the first byte, in seconds. */
  readonly timeout: number;
  /** In bytes. */
  readonly largestUpload: number;
}

/** Renders a CDN's configuration as the text of one file. */
export type CdnFile = (settings: CdnSettings) => string;

/**
 * In seconds: how long a stale response may be served during revalidation, and (`staleIfError`) while the origin fails.
 */
export const staleWhileRevalidate = 86_400;
export const staleIfError = 604_800;

const weight = '(?:1(?:\\.0{0,3})?|0\\.(?=\\d{0,2}[1-9])\\d{1,3})';

/**
 * Regular expression (PCRE and JavaScript; match without regard to case) for an Accept field that names a type
 * explicitly.
 * Weights of 0 do not count. It equals the server's own negotiation (RFC 9110 §12.5.1), so a CDN can normalize Accept.
 */
export const naming = (type: string) =>
  `(?:^|,)\\s*${type}\\s*(?:;\\s*(?!q=)[^;,]*)*(?:;\\s*q=${weight}\\s*(?:;[^,]*)?)?(?:,|$)`;

/**
 * Regular expression for paths whose response depends on Accept. Any `%` matches, because an encoded character may hide
 * `f_auto`.
 */
export function autoPath({ autoPresets }: CdnSettings): string {
  const words = ['f_auto', ...autoPresets].map((word) => word.replaceAll('-', '\\-')).join('|');
  const joined = autoPresets.length === 0 ? '' : `|[/,]t_(?:[^/,]*\\.)?(?:${autoPresets.join('|')})(?:[./,]|$)`;
  return `[/,](?:${words})(?:[/,]|$)${joined}|%`;
}

export function authorityOf({ host, port }: CdnOrigin): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
