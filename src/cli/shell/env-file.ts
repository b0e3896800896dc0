import { readFile } from 'node:fs/promises';
import { parseEnv } from 'node:util';
import { shorten } from '../../errors.ts';
import { CommandError } from '../command.ts';
import type { Shell } from './shell.ts';

/** The shell with the variables of `--env-file FILE`, as Node reads such files. What is set already wins. */
export async function withEnvFile(words: readonly string[], shell: Shell): Promise<Shell> {
  const file = fileIn(words);
  if (file === null) return shell;
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new CommandError(
      'usage',
      `Expected a readable file for --env-file but received ${shorten(file, 200)}`,
      cause,
    );
  });
  return { ...shell, environment: { ...parseEnv(text), ...shell.environment } };
}

function fileIn(words: readonly string[]): string | null {
  const at = words.findIndex((word) => word === '--env-file' || word.startsWith('--env-file='));
  const end = words.indexOf('--');
  if (at === -1 || (end !== -1 && end < at)) return null;
  const word = words[at] ?? '';
  if (word !== '--env-file') return word.slice('--env-file='.length);
  return words[at + 1] ?? null;
}
