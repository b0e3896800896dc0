import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../config/index.ts';
import type { Token } from '../http/auth/access.ts';

const everything = ['read', 'write', 'purge'] as const;

export interface Tokens {
  readonly tokens: readonly Token[];
  /** How a shell gets at the token, for the banner; null where it is configured and nobody's business. */
  readonly shell: string | null;
}

/**
 * Closed by default: the configured tokens, or one made on the spot.
 * @throws Error with one sentence where there is none and no place to keep one.
 */
export async function readTokens(config: Config): Promise<Tokens> {
  const named = config.token === null ? [] : [{ name: 'token', scopes: everything, secret: config.token }];
  const configured = [...named, ...config.tokens];
  if (configured.length > 0) return { tokens: configured, shell: null };
  if (config.store.startsWith('file:')) return keptIn(config.store.slice('file:'.length));
  if (config.store === 'memory:') return once();
  throw new Error('Expected TINTYPE_TOKEN or TINTYPE_TOKENS, since a shared store has no folder to keep a token in');
}

/** Made once, kept beside the data for its owner's eyes only. */
async function keptIn(folder: string): Promise<Tokens> {
  const path = join(folder, 'token');
  await mkdir(folder, { recursive: true, mode: 0o750 });
  try {
    await writeFile(path, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' });
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'EEXIST')) throw cause;
  }
  if (((await stat(path)).mode & 0o777) !== 0o600) await chmod(path, 0o600);
  const secret = (await readFile(path, 'utf8')).trim();
  if (secret.length < 16)
    throw new Error(`Expected a token of at least 16 characters in ${path}; delete the file and one is made`);
  return { tokens: [{ name: 'token', scopes: everything, secret }], shell: `$(cat ${path})` };
}

function once(): Tokens {
  const secret = randomBytes(24).toString('base64url');
  return { tokens: [{ name: 'token', scopes: everything, secret }], shell: process.stderr.isTTY ? secret : null };
}
