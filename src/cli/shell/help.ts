import { type Command, exitCodes, type Option } from '../command.ts';
import { commonOptions } from './words.ts';

const width = 96;

/** The help of one command: all there is to know of it. */
export function helpOf({ name, summary, operands, notes, options, environment, examples }: Command): string {
  const rows = Object.entries(options).map(([word, option]) => [spelling(word, option), meaning(option)] as const);
  const shared = Object.entries(commonOptions).map(
    ([word, { means }]) =>
      [`--${word}${word === 'help' ? ', -h' : ''}${word === 'env-file' ? ' FILE' : ''}`, means] as const,
  );
  return [
    `Usage: tintype ${[name, operands.usage, '[OPTION…]'].filter((part) => part !== '').join(' ')}`,
    '',
    ...wrapped(summary),
    ...notes.flatMap((note) => ['', ...wrapped(note)]),
    ...block('Options', [...rows, ...shared]),
    ...block('Environment', Object.entries(environment)),
    '',
    'Examples',
    ...examples.flatMap(([line, means]) => [`  ${line}`, ...wrapped(means, 6)]),
    ...exits(),
  ].join('\n');
}

/** What `tintype --help` prints. */
export function overview(commands: readonly Command[]): string {
  return [
    'Usage: tintype COMMAND [OPERAND…] [OPTION…]',
    '',
    ...wrapped('Tintype makes pictures fit: it keeps originals once and answers URLs like /img/cat/w_400,f_webp.'),
    ...block(
      'Commands',
      commands.map(({ name, summary }) => [name, summary]),
    ),
    '',
    ...wrapped('tintype COMMAND --help tells all of a command; --json makes any of them print one JSON value.'),
    ...wrapped('tintype --version or -v prints the version.'),
    ...exits(),
  ].join('\n');
}

function spelling(word: string, option: Option): string {
  return option.kind === 'switch' ? `--${word}` : `--${word} ${option.takes}`;
}

function meaning(option: Option): string {
  if (option.kind === 'switch') return option.description;
  if (option.kind === 'values') return `${option.description} May be given several times.`;
  return option.fallback === null || option.fallback === ''
    ? option.description
    : `${option.description} (${option.fallback})`;
}

function exits(): readonly string[] {
  return block(
    'Exit codes',
    Object.values(exitCodes).map(({ code, means }) => [String(code), means]),
  );
}

/** A heading and rows of two columns; nothing where there are no rows. */
function block(heading: string, rows: readonly (readonly [string, string])[]): readonly string[] {
  if (rows.length === 0) return [];
  const column = Math.min(30, Math.max(...rows.map(([left]) => left.length))) + 4;
  const lines = rows.flatMap(([left, right]) => {
    const [first = '', ...rest] = wrapped(right, column);
    const head = `  ${left}`;
    return head.length < column ? [head.padEnd(column) + first.trimStart(), ...rest] : [head, first, ...rest];
  });
  return ['', heading, ...lines];
}

function wrapped(text: string, indent = 0): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && indent + line.length + 1 + word.length > width) {
      lines.push(line);
      line = '';
    }
    line += line === '' ? word : ` ${word}`;
  }
  return [...lines, line].map((each) => ' '.repeat(indent) + each);
}
