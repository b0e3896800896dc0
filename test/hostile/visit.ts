import type { FormatName } from '../../src/formats/format.ts';
import { formats } from '../../src/formats/index.ts';
import type { Answered, BesiegedServer } from './besieged-server.ts';
import { allowedBy, type Expectation, excuseFor, timeIn, verdictOf } from './manifest.ts';

/** A hostile file on its way in. */
export interface Visitor {
  /** Its path below the folder. */
  readonly file: string;
  readonly id: string;
  readonly bytes: Buffer<ArrayBuffer>;
  readonly expectation: Expectation;
}

export interface Visited {
  readonly file: string;
  readonly status: number;
  /** Milliseconds that the upload took. */
  readonly took: number;
  /** Sentences on what went wrong. */
  readonly wrongs: readonly string[];
  /** Why its verdict is another than expected and yet right, or null. */
  readonly excuse: string | null;
}

const asked = Object.keys(formats) as readonly FormatName[];

/** Sends a file by PUT; asks for it in every format if it was taken, and makes sure that it is gone if it was not. */
export async function visit(server: BesiegedServer, visitor: Visitor): Promise<Visited> {
  const { file, id, bytes, expectation } = visitor;
  const wrongs: string[] = [];
  const check = (what: string, answer: Answered) => {
    if (answer.status >= 500) wrongs.push(`${what} answered ${answer.status}: ${answer.body.toString().slice(0, 200)}`);
    if (answer.took > server.deadline) wrongs.push(`${what} took ${Math.round(answer.took)} ms`);
  };
  const put = await server.put(id, bytes);
  check('PUT', put);
  const verdict = verdictOf(put.status);
  if (verdict === 'taken') {
    for (const format of asked) {
      const answer = await server.get(`/img/${id}/w_200,f_${format}`);
      check(`GET f_${format}`, answer);
      if (answer.status === 200) wrongs.push(...flawsOf(format, answer));
    }
  } else {
    const kept = await server.get(`/originals/${id}`);
    if (kept.status !== 404) wrongs.push(`was answered ${put.status} and stored all the same`);
  }
  const excuse = allowedBy(expectation.words).has(verdict) ? null : excuseFor(file, verdict, expectation);
  if (!allowedBy(expectation.words).has(verdict) && excuse === null) {
    wrongs.push(`PUT answered ${put.status} but the manifest says: ${expectation.words}`);
  }
  const time = timeIn(expectation.words);
  if (time !== null && put.took > time) wrongs.push(`PUT took ${Math.round(put.took)} ms instead of ${time}`);
  return { file, status: put.status, took: put.took, wrongs, excuse };
}

/** First bytes of what a format's answers have to be. */
const magic: Readonly<Record<FormatName, RegExp>> = {
  jpg: /^\xff\xd8\xff/,
  png: /^\x89PNG/,
  webp: /^RIFF.{4}WEBP/s,
  avif: /^.{4}ftypavif/s,
  gif: /^GIF8/,
  tiff: /^II\*\0/,
};

/** What an answer must never be: another type than asked, sniffable, active, or talkative about the original. */
function flawsOf(format: FormatName, { headers, body }: Answered): readonly string[] {
  const text = body.toString('latin1');
  const flaws: string[] = [];
  if (!magic[format].test(text)) flaws.push(`f_${format} does not begin like one`);
  if (headers.get('content-type') !== formats[format].mediaType) flaws.push(`f_${format} is called otherwise`);
  if (headers.get('x-content-type-options') !== 'nosniff') flaws.push(`f_${format} may be sniffed`);
  if (headers.get('content-security-policy')?.includes("default-src 'none'") !== true)
    flaws.push(`f_${format} may act`);
  if (/canary/i.test(text)) flaws.push(`f_${format} carries a string of the original`);
  return flaws;
}
