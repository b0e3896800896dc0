import type { Reader } from '../config/readers.ts';
import type { Shell } from './shell/shell.ts';

/** How a command ends: its exit code, and what that tells a script. */
export const exitCodes = {
  done: { code: 0, means: 'done' },
  failed: { code: 1, means: 'some of it failed, or a check found something wrong' },
  usage: { code: 2, means: 'the command line, the environment or the URL is wrong; nothing was done' },
  unreachable: { code: 3, means: 'the server or store does not answer, or has no time: try again' },
  refused: { code: 4, means: 'the server will not: token, unknown id, precondition, a file it does not take' },
  interrupted: { code: 130, means: 'interrupted; what was done stays done' },
} as const satisfies Readonly<Record<string, { readonly code: number; readonly means: string }>>;
export type ExitCode = keyof typeof exitCodes;

/** Of an HTTP status that is no success. */
export function exitCodeOfStatus(status: number): ExitCode {
  if (status === 400 || status === 414) return 'usage';
  return status >= 500 || status === 429 ? 'unreachable' : 'refused';
}

/** What a person is told in one sentence, and what a script is told by the exit code. */
export class CommandError extends Error {
  readonly ending: ExitCode;

  constructor(ending: ExitCode, sentence: string, cause?: unknown) {
    super(sentence, { cause });
    this.name = 'Trouble';
    this.ending = ending;
  }
}

/** What a command found out or did: for `--json` and for people. Absent ending: done. */
export interface CommandResult {
  readonly json: unknown;
  /** Without a line's end; empty = nothing to say. */
  readonly text: string;
  readonly exitCode?: ExitCode;
}

interface Described {
  /** One sentence; begins with a capital. */
  readonly description: string;
}

export interface Switch extends Described {
  readonly kind: 'switch';
}

/** An option that takes a value. */
export interface Value<T> extends Described {
  readonly kind: 'value';
  /** What stands for the value in the help, in capitals. */
  readonly takes: string;
  readonly read: Reader<T>;
  /** As it would be written; null = not given. */
  readonly fallback: string | null;
}

/** An option that takes a value and may be given several times. */
export interface Values<T> extends Described {
  readonly kind: 'values';
  readonly takes: string;
  readonly read: Reader<T>;
}

export type Option = Switch | Value<unknown> | Values<unknown>;
export type Options = Readonly<Record<string, Option>>;

type GivenOf<T extends Option> = T extends Switch
  ? boolean
  : T extends Values<infer V>
    ? readonly V[]
    : T extends Value<infer V>
      ? V
      : never;

/** What the options of a command line came to. */
export type Given<O extends Options> = { readonly [K in keyof O]: GivenOf<O[K]> };

export const flag = (means: string): Switch => ({ kind: 'switch', description: means });
export const option = <T>(takes: string, read: Reader<T>, fallback: string, means: string): Value<T> => {
  return { kind: 'value', takes, read, fallback, description: means };
};
export const optionalOption = <T>(takes: string, read: Reader<T>, means: string): Value<T | null> => {
  return { kind: 'value', takes, read, fallback: null, description: means };
};
export const several = <T>(takes: string, read: Reader<T>, means: string): Values<T> => {
  return { kind: 'values', takes, read, description: means };
};

/** What stands on a command line beside options. */
export interface Operands {
  /** As the help writes it, such as `DIR|FILE…`. */
  readonly usage: string;
  readonly least: number;
  readonly most: number;
}

export interface CommandLine<O extends Options> {
  readonly operands: readonly string[];
  readonly options: Given<O>;
  /** Whether a script reads what is printed. */
  readonly isJson: boolean;
  readonly shell: Shell;
}

interface CommandDoc {
  /** One word, or two with a blank between them. */
  readonly name: string;
  /** A deprecated name that still works; nothing lists it. */
  readonly oldName?: string;
  /** One sentence for the list of commands. */
  readonly summary: string;
  readonly operands: Operands;
  /** Paragraphs for its own help. */
  readonly notes: readonly string[];
  /** Variables of the environment that it reads, with what they do. */
  readonly environment: Readonly<Record<string, string>>;
  /** Command lines, with what they do. */
  readonly examples: readonly (readonly [line: string, does: string])[];
}

/**
 * One thing the command line can do. The promises, each of them tested for every item on the shelf: its help tells all of
 * it; what is wrong in a command line is a `Trouble('usage')` of one sentence before anything is done; with `--json` it prints
 * one JSON value and nothing else (`serve` but its banner).
 */
export interface Command extends CommandDoc {
  readonly options: Options;
  /** Null: it has printed all there was, or goes on until a signal. Throws `Trouble`, or `Failure` of what it called. */
  run(line: CommandLine<Options>): Promise<CommandResult | null>;
}

interface Definition<O extends Options> extends CommandDoc {
  readonly options: O;
  run(line: CommandLine<O>): Promise<CommandResult | null>;
}

/** The item of a file: what its `run` is given has the types its options read. */
export function command<const O extends Options>(definition: Definition<O>): Command {
  // Its options are read by this very table, so they have its types; the catalogue forgets them.
  return { ...definition, run: (line) => definition.run(line as CommandLine<O>) };
}
