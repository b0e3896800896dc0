import { leaves } from './stable.ts';

/** Lines that are gone (`-`) and lines that are new (`+`); of a JSON document its leaves. Empty where nothing changed. */
export function differences(name: string, before: string, after: string): readonly string[] {
  if (before === after) return [];
  const linesOf = (text: string) => (name.endsWith('.json') ? leaves(JSON.parse(text)) : text.split('\n'));
  const [old, now] = [linesOf(before), linesOf(after)];
  const gone = without(old, now).map((line) => `- ${line}`);
  const added = without(now, old).map((line) => `+ ${line}`);
  const found = [...gone, ...added];
  return found.length === 0 ? ['~ the same lines in another order'] : found;
}

/** The lines that the others have less often. */
function without(lines: readonly string[], others: readonly string[]): readonly string[] {
  const left = new Map<string, number>();
  for (const line of others) left.set(line, (left.get(line) ?? 0) + 1);
  return lines.filter((line) => {
    const count = left.get(line) ?? 0;
    left.set(line, count - 1);
    return count <= 0;
  });
}
