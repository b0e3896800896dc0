import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { textIn } from '../config/readers.ts';
import { CommandError, command, flag, optionalOption } from './command.ts';
import { answerIn, atServer, refusal, type Server, withServer } from './shell/server.ts';
import type { Shell } from './shell/shell.ts';
import { wrong } from './shell/words.ts';

/** A picture, or what is stored. */
export const getCommand = command({
  name: 'get',
  summary: 'Fetches a picture by its words, or with --original the stored bytes.',
  operands: { usage: 'ID[/WORDS…]', least: 1, most: 1 },
  notes: ['Without --out the bytes go to stdout, where that is no terminal. A file is there whole or not at all.'],
  options: {
    ...atServer.options,
    out: optionalOption('FILE', textIn(), 'Where to write it.'),
    original: flag('The bytes as they are stored (needs a token with the scope read).'),
  },
  environment: atServer.environment,
  examples: [
    ['tintype get cat/w_400,f_webp --out cat.webp', 'in another size'],
    ['tintype get cat --original > cat.jpg', 'as it was stored'],
  ],
  run: async ({ operands: [path = ''], options: { url, out, original }, isJson, shell }) => {
    if (out === null && (shell.terminal.out || isJson))
      throw wrong(getCommand, 'Expected --out FILE, since a picture is neither text nor JSON');
    return withServer(url, shell, async (server) => {
      const message = await follow(server, `${original ? '/originals/' : '/img/'}${path}`);
      if (message.statusCode !== 200) throw refusal(await answerIn(message));
      const bytes = await (out === null ? pour(message, shell) : save(message, out));
      if (out === null) return null;
      const mediaType = message.headers['content-type'] ?? 'unknown';
      return {
        json: { file: out, bytes, mediaType, etag: message.headers.etag ?? null },
        text: `${out}: ${bytes} bytes of ${mediaType}`,
      };
    });
  },
});

/** Where spellings are sent on (TINTYPE_CANONICAL, TINTYPE_AUTO), one step of that. */
async function follow(server: Server, path: string): Promise<IncomingMessage> {
  const first = await server.open('GET', path);
  const { location = '' } = first.headers;
  const isElsewhere = first.statusCode === 302 || first.statusCode === 308;
  if (!isElsewhere || !location.startsWith('/')) return first;
  first.resume();
  return server.open('GET', location);
}

async function pour(message: IncomingMessage, shell: Shell): Promise<number> {
  let bytes = 0;
  for await (const chunk of message) {
    bytes += (chunk as Buffer).byteLength;
    await shell.write(chunk as Buffer);
  }
  return bytes;
}

async function save(message: IncomingMessage, file: string): Promise<number> {
  const part = `${file}.${process.pid}.part`;
  const stream = createWriteStream(part);
  try {
    await pipeline(message, stream);
    await rename(part, file);
  } catch (cause) {
    await rm(part, { force: true });
    throw new CommandError(
      'failed',
      `Expected to write ${file} but ${cause instanceof Error ? cause.message : String(cause)}`,
      cause,
    );
  }
  return stream.bytesWritten;
}
