import { dialectOf, dialects } from '../dialects/index.ts';
import type { Reader } from './readers.ts';
import { setting } from './setting.ts';

/** A dialect and the place of its URLs: a path prefix or a host. */
export interface ConfiguredDialect {
  readonly name: string;
  /** Path prefix without a trailing slash; null if the dialect has its own host. */
  readonly prefix: string | null;
  /** Lower case, without a port. */
  readonly host: string | null;
}

/** Path prefixes of our own routes. */
const ours =
  /^\/(img|originals|info|picture|explain|uploads|purge|jobs|stats|sweep|report|cdn|livez|readyz|metrics|docs|openapi\.json)(\/|$)/;

/** Reads `next`, `cloudinary@/media`, `imgix@pictures.example.com`, joined by commas. */
const dialectsIn = (): Reader<readonly ConfiguredDialect[]> => ({
  expected: `a list of ${dialects.map(({ name }) => name).join(', ')} joined by commas, each at a place of its own: name, name@/prefix or name@host`,
  parse(text) {
    if (text === '') return [];
    const all = text.split(',').map(oneDialect);
    const places = new Set(all.map((each) => each?.prefix ?? each?.host));
    return all.every((each) => each !== undefined) && places.size === all.length ? all : undefined;
  },
});

function oneDialect(text: string): ConfiguredDialect | undefined {
  const [, name = '', prefix, host] =
    /^([a-z]+)(?:@(?:(\/[A-Za-z0-9._~-]+(?:\/[A-Za-z0-9._~-]+)*)|([a-z0-9-]+(?:\.[a-z0-9-]+)*)))?$/.exec(text) ?? [];
  const dialect = dialectOf(name);
  if (dialect === null || (prefix !== undefined && ours.test(prefix))) return undefined;
  if (host !== undefined) return { name, prefix: null, host };
  return { name, prefix: prefix ?? dialect.prefix, host: null };
}

export interface ConfiguredDialectKey {
  readonly name: string;
  readonly key: string;
}

/** Reads `thumbor=secret,imgproxy=key:salt`. A name may repeat. */
const dialectKeysIn = (): Reader<readonly ConfiguredDialectKey[]> => ({
  expected: dialects
    .flatMap(({ name, signing }) => (signing === null ? [] : [`${name}=${signing.expected}`]))
    .join(', or '),
  secret: true,
  parse(text) {
    if (text === '') return [];
    const keys = text.split(',').map((item) => {
      const [, name = '', key = ''] = /^([a-z]+)=(.+)$/.exec(item) ?? [];
      return dialectOf(name)?.signing?.isKey(key) === true ? { name, key } : undefined;
    });
    return keys.every((key) => key !== undefined) ? keys : undefined;
  },
});

/** Settings of URL dialects of other products. */
export const dialectSettings = {
  dialects: setting(
    'TINTYPE_DIALECTS',
    '',
    dialectsIn(),
    'Other products whose URLs are accepted, each at its usual prefix, at another (`cloudinary@/media`) or on its own host (`imgix@pictures.example.com`).',
  ),
  dialectKeys: setting(
    'TINTYPE_DIALECT_KEYS',
    '',
    dialectKeysIn(),
    'Signing keys of dialects. A dialect with a key accepts only signed URLs. A name may repeat; all of its keys verify.',
  ),
} as const;

interface DialectValues {
  readonly dialects: readonly ConfiguredDialect[];
  readonly dialectKeys: readonly ConfiguredDialectKey[];
  readonly signingKeys: readonly string[] | null;
}

/** Throws if a dialect has a key but is off, or would accept unsigned URLs although our own URLs must be signed. */
export function checkDialects({ dialects: spoken, dialectKeys, signingKeys }: DialectValues): void {
  const silent = dialectKeys.find(({ name }) => !spoken.some((each) => each.name === name));
  if (silent !== undefined)
    throw new Error(
      `TINTYPE_DIALECT_KEYS has a key of ${silent.name}, which is off; add ${silent.name} to TINTYPE_DIALECTS`,
    );
  const open = spoken.find(({ name }) => !dialectKeys.some((each) => each.name === name));
  if (signingKeys === null || open === undefined) return;
  throw new Error(
    `TINTYPE_SIGNING_KEYS is set, but ${open.name} would accept unsigned URLs; add a key of ${open.name} to TINTYPE_DIALECT_KEYS`,
  );
}
