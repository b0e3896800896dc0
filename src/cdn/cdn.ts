export interface CdnOrigin {
  readonly secure: boolean;
  readonly host: string;
  readonly port: number;
}

/** What a CDN's configuration has to fit: this server as it is set up right now. */
export interface CdnSettings {
  /** Where the CDN finds us. */
  readonly origin: CdnOrigin;
  /** Further nodes that answer the same, for those in `manyOrigins`; spoken to as the first is, by TLS or not. */
  readonly others: readonly CdnOrigin[];
  /** Presets under which the Accept field decides the format. */
  readonly autoPresets: readonly string[];
  /** Seconds that an unversioned answer may stay at an edge, and that a missing original may be remembered. */
  readonly edge: number;
  readonly negative: number;
  /** Longest time in seconds until an answer begins. */
  readonly timeout: number;
  /** Bytes. */
  readonly largestUpload: number;
}

/** A file that the provider loads as it is. */
export type CdnFile = (settings: CdnSettings) => string;

/** Seconds of the status table: how long answers may be shown while they are fetched anew, and while they cannot be. */
export const staleWhileRevalidate = 86_400;
export const staleIfError = 604_800;

const weight = '(?:1(?:\\.0{0,3})?|0\\.(?=\\d{0,2}[1-9])\\d{1,3})';

/**
 * A regular expression (PCRE and JavaScript, to be used without regard to case) for an Accept field that names a type outright
 * with a weight above 0: the same rule as ours (RFC 9110 §12.5.1), so that a CDN folds Accept to our buckets.
 */
export const naming = (type: string) =>
  `(?:^|,)\\s*${type}\\s*(?:;\\s*(?!q=)[^;,]*)*(?:;\\s*q=${weight}\\s*(?:;[^,]*)?)?(?:,|$)`;

/** For paths whose answer depends on Accept; an encoded character may hide `f_auto`, so it counts as one. */
export function autoPath({ autoPresets }: CdnSettings): string {
  const words = ['f_auto', ...autoPresets].map((word) => word.replaceAll('-', '\\-')).join('|');
  const joined = autoPresets.length === 0 ? '' : `|[/,]t_(?:[^/,]*\\.)?(?:${autoPresets.join('|')})(?:[./,]|$)`;
  return `[/,](?:${words})(?:[/,]|$)${joined}|%`;
}

export function authorityOf({ host, port }: CdnOrigin): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
