import { choiceIn, integerIn, textIn } from '../config/readers.ts';
import { CommandError, type CommandResult, command, flag, option, optionalOption, several } from './command.ts';
import { findPictures, type PictureFile } from './put/pictures.ts';
import { Progress } from './put/progress.ts';
import { type Result, upload } from './put/uploads.ts';
import { readId, readTag } from './shell/readers.ts';
import { atServer, withServer } from './shell/server.ts';
import { wrong } from './shell/words.ts';

/** Stores files and folders as originals. */
export const putCommand = command({
  name: 'put',
  summary: 'Stores pictures: files, and folders with all below them.',
  operands: { usage: 'DIR|FILE…', least: 1, most: Number.POSITIVE_INFINITY },
  notes: [
    'A picture of a folder gets its path as id, with : for /: tintype put photos stores photos/shoes/red.jpg as shoes:red.jpg, as if the folder were served with tintype serve photos. A file gets its name. What no id can say is spelled path~ and base64.',
    'What the server has already, byte for byte, is not sent again: after an interruption run the same line once more. (Where the server changes what it is sent, as with TINTYPE_SANITIZE, files are sent again and change nothing.)',
    'In folders files are told by their extension (jpg png webp avif gif tiff svg heic); names that begin with a dot and links are passed over.',
  ],
  options: {
    ...atServer.options,
    id: optionalOption('ID', readId(), 'The id, where one file is stored.'),
    prefix: option(
      'TEXT',
      { expected: 'some text', parse: (text) => text },
      '',
      'What every id begins with, such as shop:',
    ),
    bare: flag('Ids without the extension: red instead of red.jpg.'),
    tag: several('TAG', readTag(), 'A tag for all of them.'),
    eager: several('WORDS', textIn(), 'A preset or words to make at once.'),
    sanitize: optionalOption(
      'HOW',
      choiceIn(['strip', 'webp']),
      'strip removes EXIF, GPS and other metadata; webp also stores WebP.',
    ),
    normalize: optionalOption('HOW', choiceIn(['strip', 'webp']), 'Deprecated name of --sanitize.'),
    parallel: option('N', integerIn(1, 64), '8', 'Uploads at once.'),
    'dry-run': flag('Only says what would be stored under which id.'),
  },
  environment: atServer.environment,
  examples: [
    ['tintype put photos', 'stores a folder'],
    ['tintype put photos --prefix shop: --tag spring --eager thumb', 'as shop:…, tagged, each with its thumbnail'],
    ['tintype put cat.jpg --id cat', 'stores one picture'],
  ],
  run: async ({ operands, options, isJson, shell }) => {
    const { url, id, prefix, bare, tag, eager, sanitize, normalize, parallel } = options;
    const found = await findPictures(operands, { prefix, bare });
    const pictures = id === null ? found.pictures : [renamed(found.pictures, id)];
    if (options['dry-run']) return listOf(pictures);
    const words = { tags: tag.join(','), eager: eager.join(';'), sanitize: sanitize ?? '', normalize: normalize ?? '' };
    const given = Object.entries(words).filter(([, value]) => value !== '');
    const query = given.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
    const progress = new Progress(shell, { files: pictures.length, bytes: sum(pictures) });
    const results = new Map<PictureFile, Result>();
    let origin = '';
    const onDone = (picture: PictureFile, result: Result) => {
      results.set(picture, result);
      if (result.kind === 'failed') progress.note(`tintype: ${picture.path}: ${result.error}`);
      progress.add(picture.bytes, result.kind === 'failed');
    };
    const uploading = { shell, parallel, onDone, query: query === '' ? '' : `?${query}` };
    try {
      await withServer(
        url,
        shell,
        (server) => {
          origin = server.origin;
          return upload(pictures, { ...uploading, server });
        },
        parallel,
      );
    } catch (cause) {
      throw withProgress(cause, `${results.size} of ${pictures.length} are done; the same line goes on from here`);
    } finally {
      progress.end();
    }
    // With --json the names stand in the JSON.
    for (const path of isJson ? [] : found.skipped)
      shell.say(`tintype: Skipped ${path}, which has no extension of a picture\n`);
    return outcomeOf(results, found.skipped, origin);
  },
});

function renamed(pictures: readonly PictureFile[], id: string): PictureFile {
  const [picture, ...others] = pictures;
  if (picture !== undefined && others.length === 0) return { ...picture, id };
  throw wrong(putCommand, `Expected one file beside --id but received ${pictures.length}`);
}

/** A trouble in the middle of it, with how far it came. */
function withProgress(cause: unknown, sentence: string): unknown {
  return cause instanceof CommandError ? new CommandError(cause.ending, `${cause.message}; ${sentence}`, cause) : cause;
}

function listOf(pictures: readonly PictureFile[]): CommandResult {
  return { json: { pictures }, text: pictures.map(({ path, id }) => `${path} → ${id}`).join('\n') };
}

function outcomeOf(
  results: ReadonlyMap<PictureFile, Result>,
  skipped: readonly string[],
  origin: string,
): CommandResult {
  const passedOver = skipped.length;
  const originals = [...results].flatMap(([{ path, id }, { kind }]) =>
    kind === 'failed' ? [] : [{ path, id, url: `${origin}/img/${id}` }],
  );
  const counted = (kind: Result['kind']) => [...results.values()].filter((result) => result.kind === kind).length;
  const failed = [...results].flatMap(([{ path, id }, result]) =>
    result.kind === 'failed' ? [{ path, id, error: result.error }] : [],
  );
  const [stored, replaced, same] = [counted('stored'), counted('replaced'), counted('same')];
  const beside = passedOver === 0 ? '' : `, ${passedOver} other files passed over`;
  return {
    json: { stored, replaced, same, failed, passedOver, skipped, originals, bytes: sum([...results.keys()]) },
    text: `${originals.map(({ path, id, url }) => `${path} → ${id}  ${url}\n`).join('')}${stored} stored, ${replaced} replaced, ${same} were there, ${failed.length} failed${beside}`,
    exitCode: failed.length === 0 ? 'done' : 'failed',
  };
}

function sum(pictures: readonly PictureFile[]): number {
  return pictures.reduce((total, { bytes }) => total + bytes, 0);
}
