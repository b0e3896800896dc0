import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { textIn } from '../config/readers.ts';
import { loadSparingly, serverFolders } from '../platform/sequential-import.ts';
import { CommandError, command, exitCodes, optionalOption } from './command.ts';
import { serverVariables } from './shell/server-variables.ts';

/** The server itself. */
export const serveCommand = command({
  name: 'serve',
  summary: 'Starts the server; with FOLDER it serves the pictures in it as they lie there.',
  operands: { usage: '[FOLDER]', least: 0, most: 1 },
  notes: [
    'A picture of FOLDER has its path as id, with : for /: photos/shoes/red.jpg is /img/shoes:red.jpg/w_400. Nothing is written into FOLDER; what is made goes to a folder of the cache (~/.cache/tintype) unless --store says another place.',
    'Everything else is said by the environment. SIGTERM or Ctrl-C ends it. With --json the banner is one line of JSON on stderr, once it listens.',
  ],
  options: {
    store: optionalOption(
      'URL',
      textIn(),
      'Where originals are kept, as TINTYPE_STORE: file:FOLDER, s3://BUCKET/PREFIX or memory:.',
    ),
    host: optionalOption('ADDRESS', textIn(), 'Address to listen on, as TINTYPE_HOST.'),
    port: optionalOption('N', textIn(), 'Port to listen on, as TINTYPE_PORT; 0 takes a free one.'),
  },
  environment: serverVariables,
  examples: [
    ['tintype serve photos', 'pictures of a folder, at http://127.0.0.1:3000'],
    ['tintype serve --store file:/srv/tintype --port 8080', 'a store of its own, for uploads'],
  ],
  run: async ({ operands: [folder], options: { store, host, port }, shell, isJson }) => {
    await loadSparingly(serverFolders);
    const { start } = await import('../server/start.ts');
    const environment = shell.environment;
    const place = store ?? environment['TINTYPE_STORE'] ?? (folder === undefined ? null : await cacheOf(folder));
    const said = {
      TINTYPE_STORE: place,
      TINTYPE_HOST: host,
      TINTYPE_PORT: port,
      TINTYPE_SOURCE: folder === undefined ? null : `file:${await folderAt(folder)}`,
    };
    const given = Object.entries(said).flatMap(([name, value]) => (value === null ? [] : [[name, value] as const]));
    // Until the server hears signals itself: a store that does not answer is no reason to stay.
    const leave = () => process.exit(exitCodes.interrupted.code);
    shell.interrupted.addEventListener('abort', leave);
    await start({ ...environment, ...Object.fromEntries(given) }, isJson ? 'json' : 'text');
    shell.interrupted.removeEventListener('abort', leave);
    return null;
  },
});

async function folderAt(folder: string): Promise<string> {
  const found = await stat(folder).catch(() => null);
  if (found?.isDirectory() === true) return resolve(folder);
  throw new CommandError('usage', `Expected a folder of pictures at ${folder} but there is none`);
}

/** One place for each folder, so that what was made for it is there the next time. */
async function cacheOf(folder: string): Promise<string> {
  const path = await folderAt(folder);
  const mark = createHash('sha256').update(path).digest('hex').slice(0, 8);
  return `file:${join(homedir(), '.cache', 'tintype', `${basename(path)}-${mark}`)}`;
}
