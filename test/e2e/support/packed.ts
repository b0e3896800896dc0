import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const run = promisify(execFile);
const root = fileURLToPath(new URL('../../../', import.meta.url));

/** A project of somebody who uses us, in a folder of its own. */
export interface Project {
  readonly folder: string;
  /** What `npm pack` made of this checkout, as it was built. */
  readonly tarball: string;
  /** Installs packages from the registry, without their scripts. */
  install(packages: readonly string[], ...flags: readonly string[]): Promise<void>;
  /** Puts our package where it would lie, without what it depends on. */
  unpack(): Promise<void>;
  /** What a program of modules prints. */
  say(program: string, environment?: Readonly<Record<string, string>>): Promise<string>;
  remove(): Promise<void>;
}

export async function newProject(): Promise<Project> {
  const folder = await mkdtemp(join(tmpdir(), 'tintype-project-'));
  await writeFile(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  const packing = ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder];
  const { stdout } = await run('npm', packing, { cwd: root });
  const tarball = join(folder, stdout.trim().split('\n').at(-1) ?? '');
  return {
    folder,
    tarball,
    install: async (packages, ...flags) => {
      const quietly = ['install', '--silent', '--ignore-scripts', '--no-audit', '--no-fund', ...flags];
      await run('npm', [...quietly, ...packages], { cwd: folder });
    },
    unpack: async () => {
      const place = join(folder, 'node_modules/tintype');
      await mkdir(place, { recursive: true });
      await run('tar', ['xzf', tarball, '--strip-components=1', '-C', place]);
    },
    say: async (program, environment = {}) => {
      const { PATH = '' } = process.env;
      const options = { cwd: folder, env: { PATH, ...environment } };
      return (await run(process.execPath, ['--input-type=module', '--eval', program], options)).stdout;
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
