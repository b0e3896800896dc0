import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { get as getSecurely } from 'node:https';
import { pixelsOf, score, sizeIn } from '../../render/score.ts';

/** A path with its query, and how often it was asked for. */
export interface Asked {
  readonly path: string;
  readonly hits: number;
}

/** What somebody answered. */
export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly bytes: number;
  readonly milliseconds: number;
  /** Upright pixels of a picture; null where it is none. */
  readonly size: readonly [width: number, height: number] | null;
  readonly body: Buffer;
  /** What of the URL was refused, or answered by something alike. */
  readonly words: readonly string[];
}

export interface Compared {
  readonly asked: Asked;
  readonly ours: Answer;
  readonly theirs: Answer;
  /** SSIMULACRA2 of ours against theirs, up to 100; null where the sizes differ or there is no picture. */
  readonly score: number | null;
}

/** Paths of an access log, the most asked for first: `"GET /path HTTP/1.1"` in whatever format, or a URL or path a line. */
export function pathsIn(log: string): readonly Asked[] {
  const hits = new Map<string, number>();
  for (const line of log.split('\n')) {
    const sent =
      /"(?:GET|HEAD) (\S+)(?: HTTP\/[\d.]+)?"/.exec(line)?.[1] ?? /^\s*((?:https?:\/|\/)\S*)\s*$/.exec(line)?.[1];
    const path = sent?.replace(/^https?:\/\/[^/]*/, '') ?? '';
    if (path.startsWith('/')) hits.set(path, (hits.get(path) ?? 0) + 1);
  }
  const asked = [...hits].map(([path, count]) => ({ path, hits: count }));
  return asked.sort((a, b) => b.hits - a.hits || (a.path < b.path ? -1 : 1));
}

/** So many of them, evenly from the most to the least asked for. */
export function sampleOf(asked: readonly Asked[], most: number): readonly Asked[] {
  if (asked.length <= most) return asked;
  return Array.from({ length: most }, (_, index) => asked[Math.floor((index * asked.length) / most)]).flatMap(
    (each) => each ?? [],
  );
}

/** A connection a request: while pictures are compared, servers hang up. */
const headers = { accept: 'image/avif,image/webp,image/*,*/*;q=0.8', connection: 'close' };

async function ask(url: string): Promise<Answer> {
  const begun = performance.now();
  const asked = (url.startsWith('https:') ? getSecurely : get)(url, { headers });
  const [message] = (await once(asked, 'response')) as [IncomingMessage];
  const body = Buffer.concat(await message.toArray());
  const milliseconds = performance.now() - begun;
  const { 'content-type': type = '', 'tintype-approximated': alike = '' } = message.headers;
  const words = type.startsWith('application/problem+json') ? refusedIn(body) : [String(alike)];
  const status = message.statusCode ?? 0;
  const size = status === 200 ? await sizeIn(body) : null;
  return { status, type, bytes: body.length, milliseconds, size, body, words };
}

function refusedIn(body: Buffer): readonly string[] {
  const { mistakes = [], detail = '' } = JSON.parse(body.toString('utf8')) as {
    readonly mistakes?: readonly { readonly received: string }[];
    readonly detail?: string;
  };
  return mistakes.length === 0 ? [detail] : mistakes.map(({ received }) => received);
}

/** Asks both, one after the other, and looks at what came. */
export async function compare(asked: Asked, ours: string, theirs: string): Promise<Compared> {
  const answers = { theirs: await ask(theirs + asked.path), ours: await ask(ours + asked.path) };
  const isSame = answers.ours.size !== null && answers.ours.size.join() === answers.theirs.size?.join();
  return { asked, ...answers, score: isSame ? await scoreOf(answers.theirs.body, answers.ours.body) : null };
}

async function scoreOf(theirs: Buffer, ours: Buffer): Promise<number> {
  const [one, other] = [await pixelsOf(theirs), await pixelsOf(ours)];
  // Animations are compared by their first frame; the metric needs 8 pixels a side.
  if (Math.min(one.width, one.height) < 8) return one.data.equals(other.data) ? 100 : Number.NaN;
  return score(one, other).ssimulacra2;
}

const sizeText = ({ size, status }: Answer) => (size === null ? `status ${status}` : size.join('×'));

function lineOf({ asked, ours, theirs, score: likeness }: Compared): string {
  const cells = [
    asked.hits,
    `${sizeText(theirs)} → ${sizeText(ours)}`,
    likeness === null ? '–' : likeness.toFixed(1),
    `${theirs.bytes} → ${ours.bytes}`,
    `${theirs.milliseconds.toFixed(0)} → ${ours.milliseconds.toFixed(0)}`,
    ours.words.join('; '),
    asked.path,
  ];
  return cells.join('\t');
}

/** A line for each URL, and what they come to. Bytes count as often as they were asked for. */
export function reportOf(compared: readonly Compared[]): string {
  const pictures = compared.filter(({ ours, theirs }) => ours.size !== null && theirs.size !== null);
  const same = pictures.filter(({ score: likeness }) => likeness !== null);
  const scores = same.flatMap(({ score: likeness }) => likeness ?? []).sort((a, b) => a - b);
  const sum = (bytes: (each: Compared) => number) =>
    pictures.reduce((total, each) => total + bytes(each) * each.asked.hits, 0);
  const [theirs, ours] = [sum((each) => each.theirs.bytes), sum((each) => each.ours.bytes)];
  const refused = compared.filter(({ ours: answer, theirs: peer }) => answer.size === null && peer.size !== null);
  return [
    ['hits', 'size', 'score', 'bytes', 'ms', 'refused or alike', 'URL'].join('\t'),
    ...compared.map(lineOf),
    '',
    `${compared.length} URLs: ${pictures.length} pictures on both sides, ${same.length} of equal size, ${refused.length} answered by the peer alone`,
    `score: lowest ${scores[0]?.toFixed(1) ?? '–'}, median ${scores[Math.floor(scores.length / 2)]?.toFixed(1) ?? '–'}`,
    `bytes: ${theirs} there, ${ours} here, ${theirs - ours} saved (${theirs === 0 ? 0 : Math.round((100 * (theirs - ours)) / theirs)} %)`,
  ].join('\n');
}
