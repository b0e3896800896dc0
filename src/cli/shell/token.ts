import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { join } from 'node:path';

/** The folder that a server serves unless it is told another. */
const usualStore = 'file:./data';

/**
 * What to bring to a server: `TINTYPE_TOKEN`, or what a server on this machine keeps in its folder; null without either. A token
 * that was found, not given, goes to no other machine.
 */
export async function tokenFor(
  { hostname }: URL,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<string | null> {
  const given = environment['TINTYPE_TOKEN'];
  if (given !== undefined && given !== '') return given;
  const store = environment['TINTYPE_STORE'] ?? usualStore;
  if (!isThisMachine(hostname) || !store.startsWith('file:')) return null;
  try {
    return (await readFile(join(store.slice('file:'.length), 'token'), 'utf8')).trim();
  } catch {
    return null;
  }
}

function isThisMachine(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || (isIP(hostname) === 4 && hostname.startsWith('127.'));
}
