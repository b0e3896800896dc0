import { settings } from '../../src/config.ts';
import { formats } from '../../src/formats/index.ts';
import { effectNames, effectOf } from '../../src/transform/params/effects/index.ts';
import { keys, params } from '../../src/transform/params/index.ts';
import { builtInPresets } from '../../src/transform/presets.ts';

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

const code = (text: string) => `\`${text}\``;

/** Defaults that depend on the machine are told by their rule, so that every machine prints the same page. */
const byRule: Readonly<Record<string, string>> = { TINTYPE_RENDERS: 'CPUs', TINTYPE_QUEUE: '8 × renders' };

/** Every table of the README, by the name of its place there. */
export const tables: Readonly<Record<string, () => string>> = {
  words: () =>
    table(
      ['word', 'what it does', 'values', 'without it'],
      keys.map((key) => [code(`${key}_`), params[key].meaning, params[key].values, params[key].fallback]),
    ),
  effects: () =>
    table(
      ['effect', 'what it does', 'values', 'the bare name stands for'],
      effectNames.map((name) => {
        const { meaning, values, fallback } = effectOf(name);
        return [code(`e_${name}`), meaning, values === '' ? 'none' : values, fallback === null ? '–' : code(fallback)];
      }),
    ),
  formats: () =>
    table(
      ['format', 'media type', 'quality', 'alpha', 'longest side'],
      Object.values(formats).map(({ name, mediaType, quality, alpha, maxSide }) => [
        code(`f_${name}`),
        mediaType,
        quality,
        alpha ? 'yes' : 'no',
        String(maxSide),
      ]),
    ),
  presets: () =>
    table(
      ['preset', 'stands for'],
      Object.entries(builtInPresets).map(([name, words]) => [code(name), code(words)]),
    ),
  configuration: () =>
    table(
      ['variable', 'default', 'meaning', 'values'],
      Object.values(settings).map(({ name, fallback, meaning, read }) => [
        code(name),
        fallback === null || fallback === '' ? '–' : (byRule[name] ?? code(fallback)),
        meaning,
        read.expected,
      ]),
    ),
};

/** The page with every `<!-- table:NAME -->` … `<!-- /table -->` filled in. */
export function withTables(page: string): string {
  return page.replaceAll(/<!-- table:(\w+) -->\n[\s\S]*?<!-- \/table -->/g, (_all, name: string) => {
    const print = tables[name];
    if (print === undefined) throw new Error(`No table is called ${name}`);
    return `<!-- table:${name} -->\n${print()}\n<!-- /table -->`;
  });
}
