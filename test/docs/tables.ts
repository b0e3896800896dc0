import { exitCodes } from '../../src/cli/command.ts';
import { commands } from '../../src/cli/index.ts';
import { settings } from '../../src/config/index.ts';
import { failures } from '../../src/errors.ts';
import { formats } from '../../src/formats/index.ts';
import { effectNames, effectOf } from '../../src/transform/params/effects/index.ts';
import { keys, parameters } from '../../src/transform/params/index.ts';
import { builtInPresets } from '../../src/transform/presets.ts';
import { gallery, hero } from './pictures.ts';

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

const code = (text: string) => `\`${text}\``;

/** Defaults that depend on the machine are told by their rule, so that every machine prints the same page. */
const byRule: Readonly<Record<string, string>> = { TINTYPE_RENDERS: 'CPUs', TINTYPE_QUEUE: '500 × renders' };

/** So many pictures in a row. */
const perRow = 4;

function galleryTable(): string {
  const cells = gallery.map(({ file, alt, path }) => [`![${alt}](docs/pictures/${file})`, code(path)] as const);
  const rows = Array.from({ length: Math.ceil(cells.length / perRow) }, (_, row) =>
    cells.slice(row * perRow, (row + 1) * perRow),
  );
  const lines = rows.flatMap((row) => [row.map(([picture]) => picture), row.map(([, path]) => path)]);
  return table(
    Array.from({ length: perRow }, () => ' '),
    lines,
  );
}

/** Every table of the documents, by the name of its place. */
export const tables: Readonly<Record<string, () => string>> = {
  hero: () => `![${hero.alt}](docs/pictures/${hero.file})\n\n<sub>${code(hero.path)}</sub>`,
  gallery: galleryTable,
  commands: () =>
    table(
      ['command', 'what it does'],
      commands.map(({ name, summary, operands }) => [code(`tintype ${name} ${operands.usage}`.trim()), summary]),
    ),
  endings: () =>
    table(
      ['exit code', 'what it says'],
      Object.values(exitCodes).map(({ code: exit, means }) => [String(exit), means]),
    ),
  refusals: () =>
    table(
      ['status', 'code', 'what it says', 'Cache-Control'],
      Object.entries(failures).map(([name, { status, title, cacheControl }]) => {
        return [String(status), code(name), title, code(cacheControl)];
      }),
    ),
  words: () =>
    table(
      ['word', 'what it does', 'values', 'without it'],
      keys.map((key) => [code(`${key}_`), parameters[key].meaning, parameters[key].values, parameters[key].fallback]),
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
      Object.values(settings).map(({ name, fallback, description, read }) => [
        code(name),
        byRule[name] ?? (fallback === null || fallback === '' ? '–' : code(fallback)),
        description,
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
