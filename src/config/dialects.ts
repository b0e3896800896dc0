import { dialectOf, dialects } from '../dialects/index.ts';
import type { Reader } from './readers.ts';
import { setting } from './setting.ts';

/** A dialect and where it is spoken. */
export interface ConfiguredDialect {
  readonly name: string;
  /** Of paths, without a slash at the end; null where it has a host of its own. */
  readonly prefix: string | null;
  /** In lower case, without a port. */
  readonly host: string | null;
}

/** First names of paths that are ours. */
const ours =
  /^\/(img|originals|info|picture|explain|uploads|purge|jobs|stats|sweep|report|cdn|livez|readyz|metrics|docs|openapi\.json)(\/|$)/;

/** `next`, `cloudinary@/media`, `imgix@pictures.example.com`, joined by commas. */
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

/** `thumbor=secret,imgproxy=key:salt`; a name may repeat. */
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

/** Whose URLs are spoken beside ours. */
export const dialectSettings = {
  dialects: setting(
    'TINTYPE_DIALECTS',
    '',
    dialectsIn(),
    "Other products' URLs that are answered as well, each at its usual prefix, at another (`cloudinary@/media`) or on a host of its own (`imgix@pictures.example.com`).",
  ),
  dialectKeys: setting(
    'TINTYPE_DIALECT_KEYS',
    '',
    dialectKeysIn(),
    'Their keys: with one, that dialect answers signed URLs alone. A name may repeat; all of its keys are believed.',
  ),
} as const;

interface DialectValues {
  readonly dialects: readonly ConfiguredDialect[];
  readonly dialectKeys: readonly ConfiguredDialectKey[];
  readonly signingKeys: readonly string[] | null;
}

/** Where our URLs have to be signed, no other way may lead around it. Throws Error with one sentence. */
export function checkDialects({ dialects: spoken, dialectKeys, signingKeys }: DialectValues): void {
  const silent = dialectKeys.find(({ name }) => !spoken.some((each) => each.name === name));
  if (silent !== undefined)
    throw new Error(`Expected ${silent.name} in TINTYPE_DIALECTS beside its key but received none`);
  const open = spoken.find(({ name }) => !dialectKeys.some((each) => each.name === name));
  if (signingKeys === null || open === undefined) return;
  throw new Error(
    `Expected a key of ${open.name} in TINTYPE_DIALECT_KEYS beside TINTYPE_SIGNING_KEYS but received none: its URLs would be open`,
  );
}
