import { LRUCache } from 'lru-cache';
import type { Dialect, PeerUrl, Signature } from '../../dialects/dialect.ts';
import { Failure } from '../../errors.ts';
import type { RemoteOriginals } from '../../library/intake/by-url.ts';
import { idOfPath } from '../../transform/id.ts';
import { checkId, maxPath } from '../../transform/image-path.ts';
import { type HttpContext, type Operation, requestTarget, type Target } from '../message/route.ts';
import { imageDoc } from './docs.ts';
import { type ImageRouteOptions, imageAnswers } from './route.ts';

/** A dialect as it is spoken here. */
export interface MountedDialect {
  readonly dialect: Dialect;
  /** What stands before its URLs; empty where it has a host of its own. */
  readonly prefix: string;
  readonly keys: readonly string[];
}

export interface DialectRouteOptions extends ImageRouteOptions {
  readonly remoteOriginals: RemoteOriginals;
}

/** A peer's URL, read. */
interface TranslatedUrl {
  readonly seal: Signature;
  readonly target: Target;
  /** What has to be fetched before it can be looked at; null: nothing. */
  readonly fetch: { readonly id: string; readonly url: string } | null;
  readonly approximations: string;
  readonly expires: number | null;
}

const maxUrlsKept = 4096;
/** Of path and query: a peer's URL may carry another URL in base64. */
const maxUrl = 2 * maxPath;

/** `GET, HEAD {prefix}/…`: a peer's URL, answered as ours for the same picture would be. */
export function dialectRoute(parts: DialectRouteOptions, spoken: MountedDialect): Operation {
  const { dialect, prefix } = spoken;
  // A client of a dialect is never redirected to a URL of ours.
  const answer = imageAnswers({ ...parts, canonical: 'serve', auto: 'serve' });
  const read = urlReader(parts, spoken);
  const handle = async (context: HttpContext) => {
    const translated = read(requestTarget(context));
    admit(context, parts, { spoken, translated });
    const { fetch } = translated;
    if (fetch !== null) {
      const request = { client: parts.clientAddress.of(context), isSigned: translated.seal === 'good' };
      await parts.remoteOriginals.bring(fetch.id, fetch.url, request);
    }
    const response = await answer(context, translated.target);
    if (translated.approximations !== '') response.headers.set('Tintype-Approximated', translated.approximations);
    return response;
  };
  const summary = `The image that a URL of ${dialect.product} names.`;
  const description = `Everything is as for \`/img\`. \`Tintype-Approximated\` lists what is only alike; what has no counterpart is a 400. Example: \`${prefix}${dialect.example}\`.`;
  const { requestHeaders: _, ...doc } = imageDoc;
  const shown = doc.responses[200];
  const headers = [...(shown?.headers ?? []), 'Tintype-Approximated'] as const;
  const responses = { ...doc.responses, 200: { description: 'The picture.', ...shown, headers } };
  return {
    doc: { ...doc, responses, summary, description, requestHeaders: ['If-None-Match'], paths: [`${prefix}/{url}`] },
    handle,
  };
}

/** Signatures before everything else that could be wrong. Throws `forbidden` or `expired`. */
function admit(
  context: HttpContext,
  { reportOnly }: DialectRouteOptions,
  { spoken, translated }: { spoken: MountedDialect; translated: TranslatedUrl },
): void {
  const { keys, dialect } = spoken;
  if (translated.seal === 'wrong' || (translated.seal === 'unsigned' && keys.length > 0)) {
    const why = keys.length === 0 ? `; no key of ${dialect.name} is known here` : '';
    if (!reportOnly.isOn('signing')) throw new Failure('forbidden', `Expected a signature of this very URL${why}`);
    reportOnly.count('signing', context, { path: requestTarget(context).path, words: null });
  }
  if (translated.expires === null) return;
  if (translated.expires <= Date.now() / 1000)
    throw new Failure('expired', 'Expected a URL whose expiry is still ahead');
  context.set('expires', translated.expires);
}

/** What of a target is the dialect's. */
function peerUrl({ path, query }: Target, prefix: string): PeerUrl {
  return { path: path.slice(prefix.length).replace(/^\//, ''), query };
}

/** Reading depends on nothing but the text, so what was read is kept; a URL that is not signed as it has to be is not read at all. */
function urlReader(
  { remoteOriginals, reportOnly }: DialectRouteOptions,
  { dialect, prefix, keys }: MountedDialect,
): (target: Target) => TranslatedUrl {
  const kept = new LRUCache<string, TranslatedUrl>({ max: maxUrlsKept });
  return (target) => {
    const whole = `${target.path}?${target.query}`;
    if (whole.length > maxUrl) {
      throw new Failure('path-too-long', `Expected a URL of at most ${maxUrl} bytes but received ${whole.length}`);
    }
    const known = kept.get(whole);
    if (known !== undefined) return known;
    const url = peerUrl(target, prefix);
    const seal = dialect.signing?.signatureOf(url, keys) ?? 'unsigned';
    const isRefused = seal === 'wrong' || (seal === 'unsigned' && keys.length > 0);
    if (isRefused && !reportOnly.isOn('signing')) return { ...untranslatable, seal };
    const { source, words, approximations, expires } = dialect.translate(url);
    const found =
      source.kind === 'path' ? { id: idOfPath(source.path), fetched: false } : remoteOriginals.idOf(source.url);
    const path = ['/img', checkId(found.id), ...(words === '' ? [] : [words])].join('/');
    const translated: TranslatedUrl = {
      seal,
      target: { path, query: '' },
      fetch: source.kind === 'url' && found.fetched ? { id: found.id, url: source.url } : null,
      approximations: approximations.map(headerText).join('; '),
      expires,
    };
    kept.set(whole, translated);
    return translated;
  };
}

const untranslatable: Omit<TranslatedUrl, 'seal'> = {
  target: { path: '', query: '' },
  fetch: null,
  approximations: '',
  expires: null,
};

/** As a header can hold it. */
function headerText(sentence: string): string {
  return sentence.replaceAll(/[^\x20-\x7e]|;/g, '.').slice(0, 200);
}
