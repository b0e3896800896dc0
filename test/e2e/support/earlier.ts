import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** The version before this one, which may run beside it on one bucket. A release changes both lines. */
export const earlier = { version: '0.1.0', commit: '26596245098cb94ab7f61eb906cd20334a808f68' } as const;

export const root = fileURLToPath(new URL('../../../', import.meta.url));
export const run = promisify(execFile);

/**
 * The server of the earlier version, built from its commit with its own dependencies, for `startServer`. Built once for a
 * machine and line of Node, in the folder for temporary files.
 * @throws Error where this clone does not have the commit.
 */
export async function buildEarlier(): Promise<readonly string[]> {
  const [major] = process.versions.node.split('.');
  const place = join(
    tmpdir(),
    `tintype-${process.getuid?.() ?? 0}-earlier`,
    `${earlier.commit.slice(0, 12)}-node${major}`,
  );
  const entry = [join(place, 'dist/main.js')] as const;
  if (existsSync(entry[0])) return entry;
  await assertCommit(root);
  await mkdir(join(place, '..'), { recursive: true, mode: 0o700 });
  const draft = await mkdtemp(`${place}-`);
  try {
    await unpack(draft);
    await run('npm', ['ci', '--silent', '--no-audit', '--no-fund'], { cwd: draft });
    await run('npm', ['run', '--silent', 'build'], { cwd: draft });
    // Another run may have been faster: its build is as good.
    await rename(draft, place).catch(async (cause: unknown) => {
      if (!existsSync(entry[0])) throw cause;
    });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return entry;
}

/** @throws Error of one sentence where the repository in this folder lacks the commit. */
export async function assertCommit(repository: string): Promise<void> {
  const { version, commit } = earlier;
  await run('git', ['cat-file', '-e', `${commit}^{commit}`], { cwd: repository }).catch((cause: unknown) => {
    throw new Error(
      `This clone lacks commit ${commit} (version ${version}), which runs beside this one; run git fetch --unshallow --tags`,
      { cause },
    );
  });
}

async function unpack(folder: string): Promise<void> {
  const archive = spawn('git', ['archive', earlier.commit], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
  const tar = spawn('tar', ['x', '-C', folder], { stdio: [archive.stdout, 'ignore', 'inherit'] });
  const codes = await Promise.all([archive, tar].map(async (child) => (await once(child, 'exit'))[0]));
  if (codes.some((code) => code !== 0)) throw new Error(`git archive and tar ended with ${codes.join(' and ')}`);
}
