import { parseArgs } from 'node:util';
import { shorten } from '../../errors.ts';
import { nearest } from '../../transform/nearest.ts';
import { type Command, CommandError } from '../command.ts';

/** Options that every command takes. */
export const commonOptions = {
  json: { type: 'boolean', means: 'Prints one JSON value instead of text.' },
  help: { type: 'boolean', short: 'h', means: 'Prints this.' },
  'env-file': { type: 'string', means: 'A file with variables of the environment; those that are set win.' },
} as const;

export interface ReadLine {
  readonly operands: readonly string[];
  readonly options: Readonly<Record<string, unknown>>;
}

/** Reads what stands behind a command's name. Throws `Trouble('usage')` with one sentence. */
export function readLine(command: Command, words: readonly string[]): ReadLine {
  const { values, positionals } = parsed(command, words);
  const { least, most, usage } = command.operands;
  if (positionals.length < least || positionals.length > most) {
    const received = positionals.length === 0 ? 'nothing' : shorten(positionals.join(' '));
    const expected = usage === '' ? 'nothing but options' : usage;
    throw wrong(command, `Expected ${expected} but received ${received}`);
  }
  const options = Object.entries(command.options).map(([name, option]) => {
    const value = values[name];
    if (option.kind === 'switch') return [name, value === true];
    const read = (text: unknown) => {
      const result = option.read.parse(String(text));
      if (result !== undefined) return result;
      throw wrong(command, `Expected ${option.read.expected} for --${name} but received "${shorten(String(text))}"`);
    };
    if (option.kind === 'values') return [name, Array.isArray(value) ? value.map(read) : []];
    return [name, value === undefined && option.fallback === null ? null : read(value ?? option.fallback)];
  });
  return { operands: positionals, options: Object.fromEntries(options) };
}

interface Parsed {
  readonly values: Readonly<Record<string, unknown>>;
  readonly positionals: readonly string[];
}

function parsed(command: Command, words: readonly string[]): Parsed {
  const options = Object.entries(command.options).map(([name, option]) => {
    if (option.kind === 'switch') return [name, { type: 'boolean' as const }] as const;
    return [name, { type: 'string' as const, multiple: option.kind === 'values' }] as const;
  });
  const all = { ...Object.fromEntries(options), ...commonOptions };
  try {
    return parseArgs({ args: [...words], options: all, allowPositionals: true });
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw wrong(command, sentenceOf(cause.message, Object.keys(all)));
  }
}

/** Node's first sentence, and the option that was meant. */
function sentenceOf(message: string, known: readonly string[]): string {
  const [first = ''] = message.split(/[.\n](?:\s|$)/, 1);
  const name = /^Unknown option '--?([^']*)'/.exec(first)?.[1];
  if (name === undefined) return first;
  const meant = nearest(name, known);
  return `Unknown option --${shorten(name)}${meant === null ? '' : ` (did you mean --${meant}?)`}`;
}

export function wrong({ name }: Pick<Command, 'name'>, sentence: string): CommandError {
  return new CommandError('usage', `${sentence}; tintype ${name} --help tells more`);
}
