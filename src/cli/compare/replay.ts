import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { get as getSecurely } from 'node:https';
import { buffer } from 'node:stream/consumers';
import { pixelsOf, score, sizeIn } from '../../render/pixels/score.ts';
import type { LoggedRequest } from './access-log.ts';

/** What somebody answered. */
export interface ComparedAnswer {
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

export interface Comparison {
  readonly asked: LoggedRequest;
  readonly ours: ComparedAnswer;
  readonly theirs: ComparedAnswer;
  /** SSIMULACRA2 of ours against theirs, up to 100; null where the sizes differ, are below 8 pixels, or there is no picture. */
  readonly score: number | null;
}

/** A connection a request: while pictures are compared, servers hang up. */
const headers = { accept: 'image/avif,image/webp,image/*,*/*;q=0.8', connection: 'close' };

/** Status 0: no answer came, and `words` says why. */
async function ask(url: string): Promise<ComparedAnswer> {
  const begun = performance.now();
  try {
    return await answerTo(url, begun);
  } catch (cause) {
    const words = [cause instanceof Error ? cause.message : String(cause)];
    const milliseconds = performance.now() - begun;
    return { status: 0, type: '', bytes: 0, milliseconds, size: null, body: Buffer.alloc(0), words };
  }
}

async function answerTo(url: string, begun: number): Promise<ComparedAnswer> {
  const asked = (url.startsWith('https:') ? getSecurely : get)(url, { headers });
  const [message] = (await once(asked, 'response')) as [IncomingMessage];
  const body = await buffer(message);
  const milliseconds = performance.now() - begun;
  const { 'content-type': type = '', 'tintype-approximated': alike = '' } = message.headers;
  const words = type.startsWith('application/problem+json') ? refusedIn(body) : [String(alike)];
  const status = message.statusCode ?? 0;
  const size = status === 200 ? await sizeIn(body) : null;
  return { status, type, bytes: body.length, milliseconds, size, body, words };
}

/** The peer may call something a problem that is none of ours. */
function refusedIn(body: Buffer): readonly string[] {
  try {
    const problem = new Map<string, unknown>(Object.entries(Object(JSON.parse(body.toString('utf8')))));
    const mistakes = [problem.get('mistakes') ?? []].flat().map((each) => String(Object(each).received ?? ''));
    const detail = problem.get('detail');
    return mistakes.length === 0 && typeof detail === 'string' ? [detail] : mistakes;
  } catch {
    return [];
  }
}

/** Asks both, one after the other, and looks at what came. */
export async function compare(asked: LoggedRequest, ours: string, theirs: string): Promise<Comparison> {
  const answers = { theirs: await ask(theirs + asked.path), ours: await ask(ours + asked.path) };
  const isSame = answers.ours.size !== null && answers.ours.size.join() === answers.theirs.size?.join();
  return { asked, ...answers, score: isSame ? await scoreOf(answers.theirs.body, answers.ours.body) : null };
}

async function scoreOf(theirs: Buffer, ours: Buffer): Promise<number | null> {
  const [one, other] = [await pixelsOf(theirs), await pixelsOf(ours)];
  // Animations are compared by their first frame; the metric needs 8 pixels a side.
  if (Math.min(one.width, one.height) < 8) return one.data.equals(other.data) ? 100 : null;
  return score(one, other).ssimulacra2;
}

const sizeText = ({ size, status }: ComparedAnswer) =>
  size === null ? (status === 0 ? 'no answer' : `status ${status}`) : size.join('×');

function lineOf({ asked, ours, theirs, score: likeness }: Comparison): string {
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
export function reportOf(compared: readonly Comparison[]): string {
  const among = (ours: boolean, theirs: boolean) =>
    compared.filter((each) => (each.ours.size !== null) === ours && (each.theirs.size !== null) === theirs);
  const pictures = among(true, true);
  const same = pictures.filter(({ ours, theirs }) => ours.size?.join() === theirs.size?.join());
  const scores = same.flatMap(({ score: likeness }) => likeness ?? []).sort((a, b) => a - b);
  const sum = (bytes: (each: Comparison) => number) =>
    pictures.reduce((total, each) => total + bytes(each) * each.asked.hits, 0);
  const [theirs, ours] = [sum((each) => each.theirs.bytes), sum((each) => each.ours.bytes)];
  const counts = [
    `${pictures.length} pictures on both sides`,
    `${same.length} of equal size`,
    `${among(false, true).length} answered by the peer alone`,
    `${among(true, false).length} by us alone`,
    `${among(false, false).length} by nobody`,
  ];
  return [
    ['hits', 'size', 'score', 'bytes', 'ms', 'refused or alike', 'URL'].join('\t'),
    ...compared.map(lineOf),
    '',
    `${compared.length} URLs: ${counts.join(', ')}`,
    `score: lowest ${scores[0]?.toFixed(1) ?? '–'}, median ${scores[Math.floor(scores.length / 2)]?.toFixed(1) ?? '–'} of ${scores.length}; both sides have lost something, so it tells how alike they are, not which is better`,
    `bytes: ${theirs} there, ${ours} here, ${savedText(theirs, ours)}`,
  ].join('\n');
}

function savedText(theirs: number, ours: number): string {
  const share = theirs === 0 ? 0 : Math.round((100 * Math.abs(theirs - ours)) / theirs);
  return ours > theirs ? `${ours - theirs} more (${share} %)` : `${theirs - ours} saved (${share} %)`;
}
