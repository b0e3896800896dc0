import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commands } from '../../src/cli/index.ts';
import { runCommand } from '../../src/cli/shell/run.ts';
import { quietShell, tintype } from '../support/command-line.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tintype-shell-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('The command line', () => {
  it('takes -h and -v for --help and --version', async () => {
    expect((await tintype(['-h'])).out).toBe((await tintype(['--help'])).out);
    expect((await tintype(['-v'])).out).toBe((await tintype(['--version'])).out);
    expect((await tintype(['put', '-h'])).out).toBe((await tintype(['put', '--help'])).out);
  });

  it('colours headings on a terminal, but not with NO_COLOR and not in a pipe', async () => {
    const help = async (environment: Readonly<Record<string, string>>, out: boolean) => {
      let text = '';
      const write = async (written: string | Uint8Array) => void (text += written.toString());
      await runCommand(commands, ['-h'], { ...quietShell(environment), write, terminal: { out, error: false } });
      return text.includes('\u001b[1mUsage:\u001b[22m');
    };
    expect([await help({}, true), await help({ NO_COLOR: '1' }, true), await help({}, false)]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('reads variables from --env-file, and what is set already wins', async () => {
    const file = join(folder, 'settings.env');
    const [mine, theirs] = ['a-key-of-at-least-thirty-two-bytes-0123', 'another-key-of-thirty-two-bytes-012345'];
    await writeFile(file, `# ours\nTINTYPE_SIGNING_KEYS="${mine}"\n`);
    const path = '/img/cat/w_9/cat.webp';
    const expected = await tintype(['sign', path], { TINTYPE_SIGNING_KEYS: mine });
    expect(expected.code).toBe(0);
    expect(await tintype(['sign', path, '--env-file', file])).toEqual(expected);
    expect(await tintype([`--env-file=${file}`, 'sign', path].slice(1).concat(`--env-file=${file}`))).toEqual(expected);
    const other = await tintype(['sign', path], { TINTYPE_SIGNING_KEYS: theirs });
    expect(await tintype(['sign', path, '--env-file', file], { TINTYPE_SIGNING_KEYS: theirs })).toEqual(other);
    const missing = await tintype(['sign', path, '--env-file', join(folder, 'none.env')]);
    expect([missing.code, missing.said]).toEqual([
      2,
      expect.stringContaining('Expected a readable file for --env-file'),
    ]);
  });

  it('completes commands and options in bash', async () => {
    const script = (await tintype(['completion', 'bash'])).out;
    const complete = (...words: readonly string[]) => {
      const array = words.map((word) => `'${word}'`).join(' ');
      const line = `${script}\nCOMP_WORDS=(${array}); COMP_CWORD=${words.length - 1}; _tintype; echo "\${COMPREPLY[*]}"`;
      return execFileSync('bash', ['-u', '-c', line], { encoding: 'utf8', cwd: folder }).trim().split(' ');
    };
    expect(complete('tintype', 'pu')).toEqual(['put', 'purge']);
    expect(complete('tintype', 'purge', '--dry')).toEqual(['--dry-run']);
    expect(complete('tintype', 'cdn', 'ver')).toContain('verify');
    expect((await tintype(['completion', 'fish'])).code).toBe(2);
    expect((await tintype(['completion', 'zsh'])).out).toContain('bashcompinit');
  });
});
