import { commands } from '../../src/cli/index.ts';
import { runCommand } from '../../src/cli/shell/run.ts';
import type { Shell } from '../../src/cli/shell/shell.ts';
import { secret } from './tintype.ts';

/** What came of a command line. */
export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly bytes: Buffer;
  readonly said: string;
}

/** Nobody looks, nothing interrupts. */
export function quietShell(environment: Readonly<Record<string, string>>): Shell {
  return {
    environment: { TINTYPE_TOKEN: secret, ...environment },
    terminal: { out: false, error: false },
    columns: () => 80,
    write: async () => undefined,
    say: () => undefined,
    interrupted: new AbortController().signal,
  };
}

/** Runs a command line in this process; against a server where a URL is given. */
export async function tintype(
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const out: Uint8Array[] = [];
  let said = '';
  const code = await runCommand(commands, words, {
    ...quietShell(environment),
    write: async (written) => void out.push(typeof written === 'string' ? Buffer.from(written) : written),
    say: (text) => {
      said += text;
    },
  });
  const bytes = Buffer.concat(out);
  return { code, out: bytes.toString('utf8'), bytes, said };
}
