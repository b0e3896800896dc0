import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../config/index.ts';
import { urlIn } from '../config/readers.ts';
import { command, optionalOption } from './command.ts';
import type { Finding } from './doctor/check.ts';
import { serverVariables } from './shell/server-variables.ts';
import type { Shell } from './shell/shell.ts';

/** Looks at everything a server needs. */
export const doctorCommand = command({
  name: 'doctor',
  summary: 'Looks at everything a server with this environment needs, and says how to mend what is wrong.',
  operands: { usage: '', least: 0, most: 0 },
  notes: [
    'Looked at: node, sharp and its processes, the allocator, open files, memory, disk, stores with compare-and-swap and clock, permissions, Redis, fonts, CDNs. Nothing is changed that stays.',
    '✓ is well, ✗ is wrong (exit code 1), – is advice or could not be looked at.',
  ],
  options: {
    cdn: optionalOption('URL', urlIn(), 'A picture as clients ask for it: the CDN before it is looked at too.'),
  },
  environment: serverVariables,
  examples: [
    ['TINTYPE_STORE=s3://bucket tintype doctor', 'before the first start'],
    ['tintype doctor --json --cdn https://img.example.com/img/cat/w_400/cat.webp', 'for a script'],
  ],
  run: async ({ options: { cdn }, shell }) => {
    const findings = await runChecks(shell, cdn);
    return {
      json: { findings },
      text: findings.flatMap(linesOf).join('\n'),
      exitCode: findings.some(({ ok }) => ok === false) ? 'failed' : 'done',
    };
  },
});

async function runChecks(shell: Shell, picture: string | null): Promise<readonly Finding[]> {
  const { readConfig } = await import('../config/index.ts');
  const environment = shell.environment;
  let config: Config;
  try {
    config = readConfig(environment);
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause);
    // A server would not start, so there is nothing else to look at.
    return [{ what: 'configuration', ok: false, said, mend: 'Mend the variable; docs/configuration.md has the table' }];
  }
  const scratchFolder = await mkdtemp(join(tmpdir(), 'tintype-doctor-'));
  try {
    const { checks } = await import('./doctor/index.ts');
    const findings: Finding[] = [];
    for (const check of checks) {
      shell.interrupted.throwIfAborted();
      try {
        findings.push(...(await check.run({ config, scratchFolder, picture, environment })));
      } catch (cause) {
        const said = cause instanceof Error ? cause.message : String(cause);
        findings.push({ what: check.name, ok: null, said: `could not be looked at: ${said}`, mend: null });
      }
    }
    return findings;
  } finally {
    await rm(scratchFolder, { recursive: true, force: true });
  }
}

function linesOf({ what, ok, said, mend }: Finding): readonly string[] {
  const mark = ok === null ? '–' : ok ? '✓' : '✗';
  return [`${mark} ${what}: ${said}`, ...(mend === null ? [] : [`    → ${mend}`])];
}
