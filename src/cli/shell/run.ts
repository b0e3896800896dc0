import { Failure, type FailureKind, failures, shorten } from '../../errors.ts';
import { deprecationOf } from '../../observability/deprecations.ts';
import { packageVersion } from '../../platform/version.ts';
import { nearest } from '../../transform/nearest.ts';
import { type Command, CommandError, type ExitCode, exitCodeOfStatus, exitCodes } from '../command.ts';
import { coloured, withHeadings } from './colours.ts';
import { withEnvFile } from './env-file.ts';
import { helpOf, overview } from './help.ts';
import type { Shell } from './shell.ts';
import { readLine } from './words.ts';

/** Does what a command line says and answers the exit code. Never throws but for mistakes of ours. */
export async function runCommand(
  commands: readonly Command[],
  words: readonly string[],
  shell: Shell,
): Promise<number> {
  const isJson = words.includes('--json');
  try {
    const said = await answer(commands, words, await withEnvFile(words, shell));
    if (said === null) return exitCodes.done.code;
    const { json, text, exitCode = 'done' } = said;
    const printed = isJson ? JSON.stringify(json, null, 2) : text;
    if (printed !== '') await shell.write(`${printed}\n`);
    return exitCodes[exitCode].code;
  } catch (thrown) {
    const { ending, message } = troubleOf(thrown, shell);
    shell.say(`${coloured(shell, 'error', 'red', 'tintype:')} ${message}\n`);
    if (isJson) await shell.write(`${JSON.stringify({ error: message, exit: exitCodes[ending].code }, null, 2)}\n`);
    return exitCodes[ending].code;
  }
}

const shortWords: Readonly<Record<string, string>> = { '-h': '--help', '-v': '--version' };

async function answer(commands: readonly Command[], words: readonly string[], shell: Shell) {
  const [first = '--help', ...rest] = words.map((word, at) => (at === 0 ? (shortWords[word] ?? word) : word));
  if (first === '--version') return { json: { version: packageVersion }, text: packageVersion };
  if (first === '--help' || (first === 'help' && rest.length === 0)) {
    return {
      json: commands.map(({ name, summary }) => ({ name, does: summary })),
      text: withHeadings(overview(commands), shell),
    };
  }
  const [command, line] = find(commands, first === 'help' ? rest : words, shell);
  if (first === 'help' || line.includes('--help') || line.includes('-h')) {
    const { name, summary: does, notes, environment } = command;
    return { json: { name, does, notes, environment }, text: withHeadings(helpOf(command), shell) };
  }
  const { operands, options } = readLine(command, line);
  return command.run({ operands, options, isJson: line.includes('--json'), shell });
}

/** The command that the first word or two name, and the words after it. Prints a warning for a deprecated name. */
function find(
  commands: readonly Command[],
  words: readonly string[],
  shell: Shell,
): readonly [Command, readonly string[]] {
  for (const count of [2, 1]) {
    const given = words.slice(0, count).join(' ');
    const found = commands.find(({ name, oldName }) => given === name || given === oldName);
    if (found?.oldName === given) shell.say(`${deprecationOf(`tintype ${given}`, `tintype ${found.name}`)}\n`);
    if (found !== undefined) return [found, words.slice(count)];
  }
  const [word = ''] = words;
  const meant = nearest(
    word,
    commands.map(({ name }) => name),
  );
  const hint = meant === null ? 'tintype --help lists them' : `did you mean ${meant}?`;
  throw new CommandError('usage', `Unknown command ${shorten(word)}; ${hint}`);
}

function troubleOf(thrown: unknown, { interrupted }: Shell): CommandError {
  // Nothing that a person could have done otherwise.
  if (thrown instanceof TypeError || thrown instanceof ReferenceError) throw thrown;
  if (interrupted.aborted) return new CommandError('interrupted', 'Interrupted', thrown);
  if (thrown instanceof CommandError) return thrown;
  if (thrown instanceof Failure) return new CommandError(endingOf(thrown.kind), thrown.message, thrown);
  // Whatever opens stores and reads configuration says in one sentence what is wrong with them.
  return new CommandError('usage', thrown instanceof Error ? thrown.message : String(thrown), thrown);
}

/** Of a failure in this process: what is wrong in words, and what does not answer. */
function endingOf(kind: FailureKind): ExitCode {
  return exitCodeOfStatus(failures[kind].status);
}
