import { access, constants, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { type Check, type Finding, failed, passed, warning } from './check.ts';

/** Who may read what a folder keeps. */
export const permissionsCheck: Check = {
  name: 'permissions',
  run: async ({ config: { store, token, tokens } }) => {
    const user = process.getuid?.() === 0 ? [warning('user', 'root', 'Run the server as a user of its own')] : [];
    if (!store.startsWith('file:')) {
      const isSet = token !== null || tokens.length > 0;
      const mend = 'Set TINTYPE_TOKEN or TINTYPE_TOKENS: a shared store has no folder to keep one in';
      return [
        ...user,
        isSet || store === 'memory:' ? passed('token', 'is configured') : failed('token', 'there is none', mend),
      ];
    }
    const folder = resolve(store.slice('file:'.length));
    return [...user, await writable(folder), ...(await tokenIn(folder))];
  },
};

async function writable(folder: string): Promise<Finding> {
  const place = (await isThere(folder)) ? folder : dirname(folder);
  return access(place, constants.R_OK | constants.W_OK | constants.X_OK).then(
    () => passed('permissions', `${place} can be written`),
    (cause: unknown) => {
      const said = `${place} cannot be written (${cause instanceof Error ? cause.message.split(':')[0] : 'unknown'})`;
      return failed(
        'permissions',
        said,
        `chown it to the user that runs the server, who is ${process.getuid?.() ?? 'unknown'} now`,
      );
    },
  );
}

async function tokenIn(folder: string): Promise<readonly Finding[]> {
  const path = join(folder, 'token');
  if (!(await isThere(path))) return [];
  const mode = (await stat(path)).mode & 0o777;
  const said = `${path} has mode ${mode.toString(8).padStart(4, '0')}`;
  return [
    mode === 0o600
      ? passed('token', said)
      : failed('token', said, `chmod 600 ${path}; who could read it may know the token`),
  ];
}

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
