import { Failure, shorten } from '../../errors.ts';
import { bodyOf } from './body.ts';
import type { HttpContext } from './route.ts';

/** Bytes of JSON that are usually read at all. */
const maxBody = 1024 * 1024;

/** A JSON body of at most `most` bytes (1 MB), however it is framed. Throws `too-big` or `bad-request`. */
export async function readJson(context: HttpContext, most = maxBody): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of bodyOf(context)) {
    length += chunk.byteLength;
    if (length > most) throw new Failure('too-big', `Expected at most ${most} bytes of JSON`);
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch (cause) {
    throw new Failure('bad-request', 'Expected JSON', { cause });
  }
}

/** The members of a JSON object, some of `known` and no others. Throws `bad-request` with an example of what was expected. */
export function readMembers(read: unknown, known: readonly string[], example: string): ReadonlyMap<string, unknown> {
  if (typeof read !== 'object' || read === null || Array.isArray(read)) {
    throw new Failure('bad-request', `Expected a JSON object such as ${example}`);
  }
  const members = new Map<string, unknown>(Object.entries(read));
  const unknown = [...members.keys()].find((name) => !known.includes(name));
  if (unknown === undefined) return members;
  throw new Failure('bad-request', `Unknown member "${shorten(unknown)}", expected one of ${known.join(', ')}`);
}
