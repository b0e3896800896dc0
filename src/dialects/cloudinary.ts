import { createHash } from 'node:crypto';
import { isSized, ratioAlone, writeComponent } from './cloudinary-words.ts';
import type { Dialect, PeerSource, PeerUrl, SignatureScheme } from './dialect.ts';
import { signedParts } from './seals.ts';
import { sourceIn } from './sources.ts';
import { decoded, TransformWriter } from './spelling.ts';

/** `[{cloud}/]image/{type}/[s--{signature}--/]{what is signed, a version in between}`. */
interface Parts {
  readonly signature: string | null;
  readonly type: string;
  readonly components: readonly string[];
  readonly version: string | null;
  /** Everything behind them. */
  readonly image: string;
}

const versionPattern = /^v\d+$/;

/** A word of theirs, known or not, as it stands in a component. */
const wordPattern = /^(?:\$[A-Za-z0-9]+_.*|[a-z]{1,3}_[^/]*|if_.+|if_end|if_else)$/;

const isComponent = (segment: string) =>
  (decoded(segment) ?? segment).split(',').every((word) => wordPattern.test(word));

/**
 * Takes a path apart. Where a version stands, everything before it is transformation; without one, folders that look like
 * words are words, as the peer says, too.
 */
function takeApart(path: string): Parts | null {
  const [, type = '', rest = ''] = /^(?:[A-Za-z0-9_-]+\/)?image\/([a-z_]+)\/(.+)$/.exec(path) ?? [];
  if (type === '') return null;
  const segments = rest.split('/');
  const signature = /^s--([A-Za-z0-9_-]{8}|[A-Za-z0-9_-]{32})--$/.exec(segments[0] ?? '')?.[1] ?? null;
  if (signature !== null) segments.shift();
  const stop = segments.findIndex((segment, index) => index === segments.length - 1 || !isComponent(segment));
  const components = segments.slice(0, stop);
  const isVersion = versionPattern.test(segments[stop] ?? '') && stop < segments.length - 1;
  const version = isVersion ? (segments[stop] ?? null) : null;
  return { signature, type, components, version, image: segments.slice(isVersion ? stop + 1 : stop).join('/') };
}

const sealing: SignatureScheme = {
  expected: 'the API secret',
  isKey: (text) => /^[A-Za-z0-9_-]{1,128}$/.test(text),
  signatureOf({ path }: PeerUrl, keys) {
    const parts = takeApart(path);
    if (parts === null || parts.signature === null) return /(^|\/)s--/.test(path) ? 'wrong' : 'unsigned';
    const { signature, components, image } = parts;
    // The SDKs sign what they have before they escape it.
    const signed = [...components, image].map((part) => decoded(part) ?? part).join('/');
    const isLong = signature.length === 32;
    const made = keys.map((key) =>
      createHash(isLong ? 'sha256' : 'sha1')
        .update(signed + key)
        .digest('base64url')
        .slice(0, signature.length),
    );
    return signedParts(signature, made);
  },
};

/** The format that its extension names, and the public id without it. */
function readUploaded(spelling: TransformWriter, image: string): PeerSource | null {
  const [, id = image, extension] = /^(.+)\.([A-Za-z0-9]{2,5})$/.exec(image) ?? [];
  if (extension !== undefined && !spelling.hasFormat) spelling.word('f', extension.toLowerCase(), `.${extension}`);
  return sourceIn(spelling, id);
}

/** `/{cloud}/image/upload/…` and `/{cloud}/image/fetch/…` (cloudinary.com/documentation/transformation_reference). The cloud's name is not looked at. */
export const cloudinaryDialect: Dialect = {
  name: 'cloudinary',
  product: 'Cloudinary',
  prefix: '/cloudinary',
  example: '/demo/image/upload/c_fill,h_300,w_400/sample.jpg',
  signing: sealing,
  translate({ path, query }) {
    const spelling = new TransformWriter(path);
    // `?_a=…` is what the SDKs count themselves by.
    if (query !== '' && !/^_[a-z]=[^&]*$/.test(query)) spelling.refuse(`?${query}`);
    const parts = takeApart(path);
    if (parts === null) {
      spelling.wrong(path, '{cloud}/image/upload/… or {cloud}/image/fetch/…');
      return spelling.translation(null);
    }
    const ratio = ratioAlone(parts.components);
    if (ratio !== null && !parts.components.some(isSized)) spelling.refuse(ratio, 'a side beside a ratio');
    if (ratio !== null && parts.components.some((each) => each.includes('fl_layer_apply'))) {
      spelling.approximate(ratio, 'offsets of layers stay as they are');
    }
    for (const component of parts.components) writeComponent(spelling, component, ratio);
    if (parts.version !== null) spelling.approximate(parts.version, 'what is stored now is answered');
    if (parts.type === 'fetch') return spelling.translation(sourceIn(spelling, parts.image));
    if (!['upload', 'private', 'authenticated'].includes(parts.type)) {
      spelling.refuse(parts.type, 'upload, private, authenticated and fetch');
    }
    return spelling.translation(readUploaded(spelling, parts.image));
  },
};
