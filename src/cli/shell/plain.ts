/** A JSON value for people: a line for each thing in it, `bucket.objects  7`. */
export function linesOf(value: unknown): string {
  const rows = rowsOf(value, '');
  const width = Math.max(0, ...rows.map(([name]) => name.length));
  return rows.map(([name, text]) => `${name.padEnd(width)}  ${text}`.trimEnd()).join('\n');
}

function rowsOf(value: unknown, name: string): readonly (readonly [string, string])[] {
  if (Array.isArray(value) && value.every((each) => typeof each !== 'object')) return [[name, value.join(', ') || '–']];
  if (typeof value !== 'object' || value === null) return [[name, value === null ? '–' : textOf(value)]];
  return Object.entries(value).flatMap(([key, each]) => rowsOf(each, name === '' ? key : `${name}.${key}`));
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
