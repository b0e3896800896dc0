import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { namesWithIdentity, nameWithIdentity, processStateOf } from './process-identity.ts';

/**
 * Creates a folder for this process under `parent`, and removes folders of the same `kind` that dead processes left.
 */
export async function ownFolder(parent: string, kind: string): Promise<string> {
  await mkdir(parent, { recursive: true, mode: 0o750 });
  for (const [name, mark] of await namesWithIdentity(parent, kind)) {
    if ((await processStateOf(mark)) === 'dead') await rm(join(parent, name), { recursive: true, force: true });
  }
  const folder = join(parent, await nameWithIdentity(kind));
  await mkdir(folder, { mode: 0o750 });
  return folder;
}
