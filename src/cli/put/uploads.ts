import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { CommandError } from '../command.ts';
import { refusal, type Server, type ServerAnswer, unreadable } from '../shell/server.ts';
import type { Shell } from '../shell/shell.ts';
import type { PictureFile } from './pictures.ts';

export interface Uploading {
  readonly server: Server;
  readonly shell: Shell;
  /** Behind each id, with its question mark; or nothing. */
  readonly query: string;
  /** Requests at once. */
  readonly parallel: number;
  /** Told of every file that is done with, however it went. */
  readonly onDone: (picture: PictureFile, result: Result) => void;
}

/** `same`: the server had these very bytes. */
export type Result =
  | { readonly kind: 'stored' | 'replaced' | 'same' }
  | { readonly kind: 'failed'; readonly error: string };

/** How often a file is sent, and how long the pauses between are, in milliseconds. */
const tries = 5;
const firstPause = 250;
const maxPause = 30_000;

/**
 * Stores files, several at once, each when one before it is done. What the server has already is not sent again. A file that the server will
 * not take does not hold the others up; throws `Trouble` where none would be taken: no server, or a token that is not right.
 */
export async function upload(pictures: readonly PictureFile[], uploading: Uploading): Promise<void> {
  // Who is not there now is not waited for.
  await uploading.server.send('GET', '/livez');
  const waiting = pictures.values();
  let trouble: unknown = null;
  const work = async () => {
    for (const picture of waiting) {
      if (trouble !== null) return;
      try {
        uploading.onDone(picture, await uploadOne(picture, uploading).catch(ofTheFile));
      } catch (cause) {
        trouble ??= cause;
      }
    }
  };
  await Promise.all(Array.from({ length: uploading.parallel }, work));
  if (trouble !== null) throw trouble;
}

/** What is wrong with one file is no reason to leave the others. */
function ofTheFile(cause: unknown): Result {
  if (cause instanceof CommandError && cause.ending === 'failed') return { kind: 'failed', error: cause.message };
  throw cause;
}

async function uploadOne(picture: PictureFile, { server, shell, query }: Uploading): Promise<Result> {
  const path = `/originals/${picture.id}`;
  const known = await persistently(shell, () => server.send('HEAD', path));
  const held = known.status === 200 ? known.headers.etag : undefined;
  if (held !== undefined && held === `"${await digestOf(picture.path)}"`) return { kind: 'same' };
  const answer = await persistently(shell, () => server.send('PUT', path + query, { body: picture }));
  if (answer.status === 201) return { kind: 'stored' };
  if (answer.status === 200) return { kind: answer.headers.etag === held ? 'same' : 'replaced' };
  const trouble = refusal(answer);
  // The next file would fare no better, and wrong tokens are counted.
  if (answer.status === 401 || trouble.ending === 'unreachable') throw trouble;
  return { kind: 'failed', error: trouble.message };
}

/** A server that has no time says when it will have; one that is gone may be back in a moment. */
async function persistently({ interrupted }: Shell, ask: () => Promise<ServerAnswer>): Promise<ServerAnswer> {
  for (let left = tries - 1; ; left--) {
    let wait = firstPause * 2 ** (tries - 1 - left);
    try {
      const answer = await ask();
      const isBusy = answer.status === 503 || answer.status === 429;
      if (!isBusy || left === 0) return answer;
      wait = Math.max(wait, 1000 * Number(answer.headers['retry-after'] ?? 0));
    } catch (cause) {
      const isPassing = cause instanceof CommandError && cause.ending === 'unreachable';
      if (left === 0 || interrupted.aborted || !isPassing) throw cause;
    }
    await pause(Math.min(wait, maxPause) * (1 + Math.random() / 4), null, { signal: interrupted });
  }
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  } catch (cause) {
    throw unreadable(path, cause);
  }
  return hash.digest('hex');
}
