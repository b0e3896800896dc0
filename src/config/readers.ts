import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';

/** Parses one value of the environment. `parse` returns undefined for an invalid value. */
export interface Reader<T> {
  /** Description of valid values; follows "Expected" in an error. */
  readonly expected: string;
  /** If true, errors do not show the value. */
  readonly secret?: true;
  parse(text: string): T | undefined;
}

export const textIn = (): Reader<string> => ({
  expected: 'some text',
  parse: (text) => (text.length >= 1 && text.length <= 4096 ? text : undefined),
});

/** Reads a token that fits into an Authorization header. */
export const tokenIn = (): Reader<string> => ({
  expected: '16 to 256 visible ASCII characters',
  secret: true,
  parse: (text) => (/^[\x21-\x7e]{16,256}$/.test(text) ? text : undefined),
});

const minKey = 32;

/** Reads keys of HMAC-SHA256, used as UTF-8 bytes. A key shorter than the digest (32 bytes) would weaken it. */
export const signingKeysIn = (): Reader<readonly string[]> => ({
  expected: `keys of at least ${minKey} bytes joined by commas`,
  secret: true,
  parse(text) {
    const keys = text.split(',');
    return keys.every((key) => Buffer.byteLength(key) >= minKey && new Set(key).size > 1) ? keys : undefined;
  },
});

export const urlIn = (): Reader<string> => ({
  expected: 'a URL such as https://s3.example.com',
  parse: (text) => (/^https?:\/\/[^\s/]/.test(text) && URL.canParse(text) ? text : undefined),
});

/** Origins (RFC 6454) joined by commas, as browsers send them; none for nothing. */
export const originsIn = (): Reader<ReadonlySet<string>> => ({
  expected: 'origins such as https://shop.example or http://localhost:5173 joined by commas, or nothing',
  parse(text) {
    if (text === '') return new Set();
    const origins = text.split(',').map((origin) => origin.trim());
    const isOrigin = (origin: string) =>
      /^https?:\/\//.test(origin) && URL.canParse(origin) && new URL(origin).origin === origin;
    return origins.every(isOrigin) ? new Set(origins) : undefined;
  },
});

/** Secret, because the URL may contain a password. */
export const redisIn = (): Reader<string> => ({
  expected: 'an address such as redis://redis:6379 or rediss://user:password@redis:6379/0',
  secret: true,
  parse: (text) => (/^rediss?:\/\/[^\s/]/.test(text) && URL.canParse(text) ? text : undefined),
});

export const integerIn = (least: number, most: number): Reader<number> => ({
  expected: `an integer from ${least} to ${most}`,
  parse: (text) => (/^\d{1,9}$/.test(text) ? within(Number(text), least, most) : undefined),
});

export const truthIn = (): Reader<boolean> => ({
  expected: 'true or false',
  parse: (text) => (text === 'true' ? true : text === 'false' ? false : undefined),
});

export const choiceIn = <const W extends string>(words: readonly W[]): Reader<W> => ({
  expected: `one of ${words.join(', ')}`,
  parse: (text) => words.find((word) => word === text),
});

export const listIn = <const W extends string>(words: readonly W[]): Reader<readonly W[]> => ({
  expected: `a list of ${words.join(', ')} joined by commas`,
  parse(text) {
    const known = text.split(',').flatMap((item) => words.find((word) => word === item) ?? []);
    return known.length === text.split(',').length ? known : undefined;
  },
});

/** Like `listIn`, or `off` for an empty list. */
export const listOrOff = <const W extends string>(words: readonly W[]): Reader<readonly W[]> => ({
  expected: `${listIn(words).expected}, or off`,
  parse: (text) => (text === 'off' ? [] : listIn(words).parse(text)),
});

/** Like `listIn`, or an empty text for an empty list. */
export const listOrNone = <const W extends string>(words: readonly W[]): Reader<readonly W[]> => ({
  expected: `${listIn(words).expected}, or nothing`,
  parse: (text) => (text === '' ? [] : listIn(words).parse(text)),
});

/** Widths that `w` may request; empty for `free`. */
export interface ConfiguredWidths {
  readonly kind: 'free' | 'snap' | 'list';
  readonly widths: readonly number[];
}

/** Reads `free`, `snap:320,640` or `list:320,640`. */
export const widthsIn = (most: number): Reader<ConfiguredWidths> => ({
  expected: `free, or snap: or list: and widths from 1 to ${most} joined by commas`,
  parse(text) {
    if (text === 'free') return { kind: 'free', widths: [] };
    const [, kind, list = ''] = /^(snap|list):([0-9,]+)$/.exec(text) ?? [];
    const widths = list.split(',').flatMap((width) => integerIn(1, most).parse(width) ?? []);
    if (widths.length !== list.split(',').length) return undefined;
    return kind === 'snap' || kind === 'list' ? { kind, widths } : undefined;
  },
});

/** Reads host names joined by commas: `example.com`, `.example.com` for all subdomains, `*` for all hosts; or `off`. */
export const hostsIn = (): Reader<readonly string[]> => ({
  expected: 'off, or hosts such as example.com, .example.com or * joined by commas',
  parse(text) {
    if (text === 'off') return [];
    const hosts = text.toLowerCase().split(',');
    return hosts.every((host) => host === '*' || /^\.?[a-z0-9-]+(\.[a-z0-9-]+)*$/.test(host)) ? hosts : undefined;
  },
});

const byteUnits = { B: 1, KB: 2 ** 10, MB: 2 ** 20, GB: 2 ** 30, TB: 2 ** 40 } as const;
const timeUnits = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Reads a size such as `64MB` to bytes; 1 KB is 1024 bytes. */
export const bytesIn = (least: number, most: number): Reader<number> => ({
  expected: 'a size such as 64MB (B, KB, MB, GB, TB)',
  parse: (text) => within(withUnit(text, byteUnits), least, most),
});

/** Reads a duration such as `30s` to milliseconds. */
export const millisecondsIn = (least: number, most: number): Reader<number> => ({
  expected: `a time such as 30s (ms, s, m, h, d) from ${least} to ${most} ms`,
  parse: (text) => within(withUnit(text, timeUnits), least, most),
});

/** Reads `off` to null, or what the other reader accepts. */
export const offOr = <T>(reader: Reader<T>): Reader<T | null> => ({
  expected: `off or ${reader.expected}`,
  parse: (text) => (text === 'off' ? null : reader.parse(text)),
});

/** Reads megapixels such as `50MP` to pixels. */
export const pixelsIn = (least: number, most: number): Reader<number> => ({
  expected: `megapixels such as 50MP, from ${least} to ${most}`,
  parse(text) {
    const millions = within(withUnit(text, { MP: 1 }), least, most);
    return millions === undefined ? undefined : Math.round(millions * 1_000_000);
  },
});

/** Reads a rate such as `200MP` to pixels per minute, or `off` to null. */
export const budgetIn = (): Reader<number | null> => ({
  expected: 'off, or megapixels such as 200MP, from 1 to 1000000',
  parse: (text) => (text === 'off' ? null : pixelsIn(1, 1_000_000).parse(text)),
});

export interface ConfiguredNetwork {
  readonly address: string;
  readonly prefix: number;
}

/** Reads addresses and networks such as `10.0.0.0/8,::1`. */
export const networksIn = (): Reader<readonly ConfiguredNetwork[]> => ({
  expected: 'addresses such as 10.0.0.1 or networks such as 10.0.0.0/8 and fd00::/8 joined by commas, or nothing',
  parse(text) {
    if (text === '') return [];
    const networks = text.split(',').map(oneNetwork);
    return networks.every((network) => network !== undefined) ? networks : undefined;
  },
});

function oneNetwork(text: string): ConfiguredNetwork | undefined {
  const [address = '', bits, ...rest] = text.split('/');
  const most = { 0: 0, 4: 32, 6: 128 }[isIP(address)] ?? 0;
  const prefix = bits === undefined ? most : integerIn(1, most).parse(bits);
  return most === 0 || prefix === undefined || rest.length > 0 ? undefined : { address, prefix };
}

function withUnit(text: string, units: Readonly<Record<string, number>>): number | undefined {
  const [, number, unit] = /^(\d{1,9}(?:\.\d{1,3})?)([A-Za-z]{1,2})$/.exec(text) ?? [];
  if (number === undefined || unit === undefined || !Object.hasOwn(units, unit)) return undefined;
  return Number(number) * (units[unit] ?? 0);
}

function within(value: number | undefined, least: number, most: number): number | undefined {
  return value !== undefined && value >= least && value <= most ? value : undefined;
}

const scopes = ['read', 'write', 'purge'] as const;

export interface ConfiguredToken {
  readonly name: string;
  readonly scopes: readonly (typeof scopes)[number][];
  readonly secret: string;
}

/** Reads `name:read+write:secret,…`. A secret contains no comma. */
export const tokensIn = (): Reader<readonly ConfiguredToken[]> => ({
  expected:
    'name:scope+scope:secret joined by commas, scopes read, write, purge, secrets of 16 to 256 visible ASCII characters',
  secret: true,
  parse(text) {
    if (text === '') return [];
    const tokens = text.split(',').map(oneToken);
    return tokens.every((token) => token !== undefined) ? tokens : undefined;
  },
});

function oneToken(text: string): ConfiguredToken | undefined {
  const [, name, scopeText, secret] =
    /^([A-Za-z0-9_-]{1,64}):([a-z+]+):([\x21-\x2b\x2d-\x7e]{16,256})$/.exec(text) ?? [];
  if (name === undefined || scopeText === undefined || secret === undefined) return undefined;
  const named = listIn(scopes).parse(scopeText.replaceAll('+', ','));
  return named === undefined ? undefined : { name, scopes: named, secret };
}

/** Reads presets (name → components, null removes a built-in one) from JSON or from a file with JSON. */
export const presetsIn = (): Reader<Readonly<Record<string, string | null>>> => ({
  expected: 'JSON (or a file with JSON) that maps preset names to components or null',
  parse(text) {
    try {
      const read: unknown = JSON.parse(text.trimStart().startsWith('{') ? text : readFileSync(text, 'utf8'));
      return isPresets(read) ? read : undefined;
    } catch {
      return undefined;
    }
  },
});

function isPresets(read: unknown): read is Record<string, string | null> {
  if (typeof read !== 'object' || read === null || Array.isArray(read)) return false;
  return Object.values(read).every((value) => value === null || typeof value === 'string');
}
