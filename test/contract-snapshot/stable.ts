/** What differs between two runs or two machines, and what stands for it in the snapshot. */
const replacements: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, '<uuid>'],
  [/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g, '<time>'],
  [/\b[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT/g, '<date>'],
  [/http:\/\/127\.0\.0\.1:\d+/g, 'http://<server>'],
  [/data:image\/[^"\s]+/g, 'data:<image>'],
  [/sha-256=:[^:]+:/g, 'sha-256=:<hash>:'],
  [/(?<![0-9A-Za-z])(?=[0-9a-f]*[0-9])[0-9a-f]{8,}(?![0-9A-Za-z])/g, '<hash>'],
  [/(?<![0-9])\d{13,}(?![0-9])/g, '<ms>'],
  [/\bdur=[\d.]+/g, 'dur=<ms>'],
  [/W\/"[\w-]+"/g, 'W/"<etag>"'],
  [/(?<=\/uploads\/)[\w-]{20,}/g, '<token>'],
];

/** The text without ids, times, hashes and ports. */
export function stable(text: string): string {
  return replacements.reduce((changed, [pattern, replacement]) => changed.replaceAll(pattern, replacement), text);
}

/** What differs in names of stored files, beside all of the above: reversed times, expiries, generations, cache keys. */
const nameReplacements: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  [/\/\d{5}\/\d\d\/\d\d\/\d{4}~/g, '/<5 digits>/<2 digits>/<2 digits>/<4 digits>~'],
  [/^u\/[0-9a-z]{8}-/, 'u/<expiry>-'],
  [/(?<=<hash>\.)[0-9a-z]{8}(?=\/)/g, '<generation>'],
  [/(?<=\/)[\w-]{22}(?=\.\d+x\d+\.)/g, '<cache key>'],
];

/** The path of a stored file without what differs between two runs. */
export function stableName(path: string): string {
  return nameReplacements.reduce((name, [pattern, replacement]) => name.replace(pattern, replacement), stable(path));
}

/** The JSON value as one line per leaf, `path = value`, so that every line of a difference is understood alone. */
export function leaves(value: unknown, path = ''): readonly string[] {
  if (Array.isArray(value)) {
    if (value.every((each) => typeof each !== 'object' || each === null)) return [`${path} = ${JSON.stringify(value)}`];
    return value.flatMap((each, index) => leaves(each, `${path}[${labelOf(each) ?? index}]`));
  }
  if (typeof value !== 'object' || value === null) return [`${path} = ${JSON.stringify(value)}`];
  const entries = Object.entries(value);
  if (entries.length === 0) return [`${path} = {}`];
  return entries.flatMap(([key, each]) => leaves(each, /^\w+$/.test(key) ? `${path}.${key}` : `${path}["${key}"]`));
}

/** What an item of a list is known by, so that a new item does not move the others. */
function labelOf(item: unknown): string | undefined {
  if (typeof item !== 'object' || item === null) return undefined;
  for (const key of ['$ref', 'name', 'url', 'const', 'type']) {
    const label: unknown = Reflect.get(item, key);
    if (typeof label === 'string') return label;
  }
  return undefined;
}

/** The JSON value with each leaf replaced by its type: what a reader of a record relies on. */
export function shape(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? [] : [shape(value[0])];
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, shape(each)]));
  }
  return value === null ? 'null' : typeof value;
}

export const sorted = (lines: Iterable<string>): string => `${[...new Set(lines)].sort().join('\n')}\n`;
