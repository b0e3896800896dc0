import { LRUCache } from 'lru-cache';
import type { Dialect, PeerUrl, Seal } from '../../dialects/dialect.ts';
import { Failure } from '../../errors.ts';
import type { Elsewhere } from '../../library/intake/by-url.ts';
import { idOfPath } from '../../transform/id.ts';
import { checkId, longestPath } from '../../transform/image-path.ts';
import { type ImageParts, imageAnswers } from './route.ts';
import { tellsOfImage } from './docs.ts';
import { type HttpContext, type Operation, type Target, targetOf } from '../message/route.ts';

/** A dialect as it is spoken here. */
export interface Spoken {
  readonly dialect: Dialect;
  /** What stands before its URLs; empty where it has a host of its own. */
  readonly prefix: string;
  readonly keys: readonly string[];
}

export interface DialectParts extends ImageParts {
  readonly elsewhere: Elsewhere;
}

/** A peer's URL, read. */
interface Told {
  readonly seal: Seal;
  readonly target: Target;
  /** What has to be fetched before it can be looked at; null: nothing. */
  readonly fetch: { readonly id: string; readonly url: string } | null;
  readonly approximations: string;
  readonly expires: number | null;
}

const mostUrlsKept = 4096;
/** Of path and query: a peer's URL may carry another URL in base64. */
const longestUrl = 2 * longestPath;

/** `GET, HEAD {prefix}/…`: a peer's URL, answered as ours for the same picture would be. */
export function dialectRoute(parts: DialectParts, spoken: Spoken): Operation {
  const { dialect, prefix } = spoken;
  // Nobody who speaks a dialect is sent on to a URL of ours.
  const answer = imageAnswers({ ...parts, canonical: 'serve', auto: 'serve' });
  const read = urlReader(parts, spoken);
  const handle = async (context: HttpContext) => {
    const told = read(targetOf(context));
    admit(context, parts, { spoken, told });
    if (told.fetch !== null) await parts.elsewhere.bring(told.fetch.id, told.fetch.url);
    const response = await answer(context, told.target);
    if (told.approximations !== '') response.headers.set('Tintype-Approximated', told.approximations);
    return response;
  };
  const does = `The image that a URL of ${dialect.product} names.`;
  const notes = `Everything is as for \`/img\`. \`Tintype-Approximated\` lists what is only alike; what has no counterpart is a 400. Example: \`${prefix}${dialect.example}\`.`;
  const { honours: _, ...tells } = tellsOfImage;
  const shown = tells.answers[200];
  const fields = [...(shown?.fields ?? []), 'Tintype-Approximated'] as const;
  const answers = { ...tells.answers, 200: { means: 'The picture.', ...shown, fields } };
  return { tells: { ...tells, answers, does, notes, honours: ['If-None-Match'], paths: [`${prefix}/{url}`] }, handle };
}

/** Signatures before everything else that could be wrong. Throws `forbidden` or `expired`. */
function admit(context: HttpContext, { trial }: DialectParts, { spoken, told }: { spoken: Spoken; told: Told }): void {
  const { keys, dialect } = spoken;
  if (told.seal === 'wrong' || (told.seal === 'unsigned' && keys.length > 0)) {
    const why = keys.length === 0 ? `; no key of ${dialect.name} is known here` : '';
    if (!trial.isOn('signing')) throw new Failure('forbidden', `Expected a signature of this very URL${why}`);
    trial.count('signing', context, { path: targetOf(context).path, words: null });
  }
  if (told.expires === null) return;
  if (told.expires <= Date.now() / 1000) throw new Failure('expired', 'Expected a URL whose expiry is still ahead');
  context.set('expires', told.expires);
}

/** What of a target is the dialect's. */
function peerUrl({ path, query }: Target, prefix: string): PeerUrl {
  return { path: path.slice(prefix.length).replace(/^\//, ''), query };
}

/** Reading depends on nothing but the text, so what was read is kept; a URL that is not signed as it has to be is not read at all. */
function urlReader({ elsewhere, trial }: DialectParts, { dialect, prefix, keys }: Spoken): (target: Target) => Told {
  const kept = new LRUCache<string, Told>({ max: mostUrlsKept });
  return (target) => {
    const whole = `${target.path}?${target.query}`;
    if (whole.length > longestUrl) {
      throw new Failure('path-too-long', `Expected a URL of at most ${longestUrl} bytes but received ${whole.length}`);
    }
    const known = kept.get(whole);
    if (known !== undefined) return known;
    const url = peerUrl(target, prefix);
    const seal = dialect.sealing?.sealOf(url, keys) ?? 'unsigned';
    const isRefused = seal === 'wrong' || (seal === 'unsigned' && keys.length > 0);
    if (isRefused && !trial.isOn('signing')) return { ...unread, seal };
    const { source, words, approximations, expires } = dialect.translate(url);
    const found = source.kind === 'path' ? { id: idOfPath(source.path), fetched: false } : elsewhere.idOf(source.url);
    const path = ['/img', checkId(found.id), ...(words === '' ? [] : [words])].join('/');
    const told: Told = {
      seal,
      target: { path, query: '' },
      fetch: source.kind === 'url' && found.fetched ? { id: found.id, url: source.url } : null,
      approximations: approximations.map(headerText).join('; '),
      expires,
    };
    kept.set(whole, told);
    return told;
  };
}

const unread: Omit<Told, 'seal'> = { target: { path: '', query: '' }, fetch: null, approximations: '', expires: null };

/** As a header can hold it. */
function headerText(sentence: string): string {
  return sentence.replaceAll(/[^\x20-\x7e]|;/g, '.').slice(0, 200);
}
