import { createHmac } from 'node:crypto';
import type { Dialect, PeerSource, SignatureScheme } from './dialect.ts';
import { ownValue } from './own-value.ts';
import { signedParts } from './seals.ts';
import { sourceIn } from './sources.ts';
import { decoded, fraction, TransformWriter } from './spelling.ts';
import { type Filter, filtersIn, splitFilters, thumborColour, writeFilters } from './thumbor-filters.ts';

/** thumbor's own, and those that imagor knows beside it, which it may cut: 28 characters are as long as a whole SHA-1. */
const digests = ['sha1', 'sha256', 'sha512'];
const shortest = 28;

const sealing: SignatureScheme = {
  expected: 'a key without commas',
  isKey: (text) => text.length >= 1 && text.length <= 256,
  signatureOf({ path }, keys) {
    const [sent = '', ...rest] = path.split('/');
    if (sent === 'unsafe') return 'unsigned';
    if (sent.length < shortest) return 'wrong';
    const signed = rest.join('/');
    const made = keys.flatMap((key) =>
      digests.map((digest) => createHmac(digest, key).update(signed, 'latin1').digest('base64').slice(0, sent.length)),
    );
    return signedParts(
      sent,
      made.map((each) => each.replaceAll('+', '-').replaceAll('/', '_')),
    );
  },
};

/** What stands before the picture, taken apart. */
interface Parts {
  readonly trim: string | null;
  readonly crop: string | null;
  readonly fit: string | null;
  readonly size: string | null;
  readonly across: string | null;
  readonly down: string | null;
  readonly smart: boolean;
  readonly filters: readonly Filter[];
}

/** In the one order they may stand in. */
const patterns = {
  trim: /^trim(:(top-left|bottom-right))?(:\d+)?$/,
  crop: /^[\d.]+x[\d.]+:[\d.]+x[\d.]+$/,
  fit: /^(?:(?:adaptive-)?(?:full-)?fit-in|stretch)$/,
  size: /^-?(?:\d+|orig)?x-?(?:\d+|orig)?$/,
  across: /^(?:left|center|right)$/,
  down: /^(?:top|middle|bottom)$/,
  smart: /^smart$/,
} as const;

function takeApart(spelling: TransformWriter, path: string): { readonly parts: Parts; readonly image: string } {
  const segments = path.split('/').slice(1);
  const found = new Map<string, string>();
  for (const [name, pattern] of Object.entries(patterns)) {
    const [first = ''] = segments;
    if (pattern.test(first)) found.set(name, segments.shift() ?? '');
    // imagor's padding stands where nothing else of that form does.
    if (name === 'size' && /^\d+x\d+(:\d+x\d+)?$/.test(segments[0] ?? '')) spelling.refuse(segments.shift() ?? '');
  }
  const rest = segments.join('/');
  const { filters: chain, rest: image } = rest.startsWith('filters:')
    ? splitFilters(rest.slice('filters:'.length))
    : { filters: '', rest };
  const filters = filtersIn(decoded(chain) ?? chain);
  if (filters === null) spelling.wrong(chain, 'filters such as quality(80):format(webp)');
  const one = (name: string) => found.get(name) ?? null;
  const sides = { trim: one('trim'), crop: one('crop'), fit: one('fit'), size: one('size') };
  const places = { across: one('across'), down: one('down'), smart: found.has('smart') };
  return { parts: { ...sides, ...places, filters: filters ?? [] }, image };
}

/** Trimming and cutting come first, in pixels of the source or shares of it. */
function writeFirst(spelling: TransformWriter, { trim, crop }: Parts): void {
  if (trim !== null) {
    if (trim.includes('bottom-right')) spelling.refuse(trim, 'trimming by the top left pixel alone');
    spelling.word('e', `trim:${/\d+$/.exec(trim)?.[0] ?? '0'}`, trim);
    spelling.approximate(trim, 'tolerance is of each channel by itself');
    spelling.next();
  }
  if (crop === null || /^0x0:0x0$/.test(crop)) return;
  const [left = 0, top = 0, right = 0, bottom = 0] = crop.split(/[x:]/).map(Number);
  const isShare = crop.includes('.');
  const printed = (value: number) => (isShare ? (fraction(value.toFixed(4)) ?? '') : String(value));
  spelling.word('c', 'crop', crop);
  spelling.word('x', printed(left), crop);
  spelling.word('y', printed(top), crop);
  spelling.word('w', printed(right - left), crop);
  spelling.word('h', printed(bottom - top), crop);
  spelling.next();
}

/** 0 and nothing follow from the other side; `orig` is the source's own. */
function writeSide(spelling: TransformWriter, key: 'w' | 'h', text: string, from: string): void {
  if (text === 'orig') spelling.word(key, '1.0', from);
  else if (text !== '' && Number(text) !== 0) spelling.word(key, text, from);
}

/** Once a canvas has its colour, there is nothing left that could be enlarged. */
function isLateUpscale(filters: readonly Filter[]): boolean {
  const [fill, upscale] = ['fill', 'upscale'].map((name) => filters.findIndex((filter) => filter.name === name));
  return fill !== -1 && Number(upscale) > Number(fill);
}

function modeOf({ fit, filters }: Parts, isFull: boolean): string {
  const has = (name: string) => filters.some((filter) => filter.name === name);
  const enlarges = has('upscale') && !isLateUpscale(filters);
  if (fit === 'stretch' || (fit === null && has('stretch'))) return 'scale';
  if (fit === 'full-fit-in') return 'mfit';
  if (fit === 'fit-in' && has('fill') && isFull) return enlarges ? 'pad' : 'lpad';
  if (fit === 'fit-in') return enlarges ? 'fit' : 'limit';
  if (has('no_upscale')) return isFull ? 'lfill' : 'limit';
  return isFull ? 'fill' : 'scale';
}

const halves: Readonly<Record<string, string>> = { top: 'north', bottom: 'south', left: 'west', right: 'east' };

function writePlace(spelling: TransformWriter, { across, down, smart, filters }: Parts): void {
  const focal = filters.find(({ name }) => name === 'focal');
  if (focal !== undefined) spelling.refuse(focal.from);
  if (smart) {
    spelling.approximate('smart', 'what draws the eye stays; faces are not looked for');
    return spelling.word('g', 'auto', 'smart');
  }
  const names = [ownValue(halves, down ?? ''), ownValue(halves, across ?? '')].filter((name) => name !== undefined);
  if (names.length > 0) spelling.word('g', names.join('_'), [across, down].join('/'));
}

function writeBox(spelling: TransformWriter, parts: Parts): void {
  const { fit, size, filters } = parts;
  const [, mirror, width = '', flip, height = ''] = /^(-?)(\d*|orig)x(-?)(\d*|orig)$/.exec(size ?? 'x') ?? [];
  if (fit?.startsWith('adaptive-') === true) spelling.refuse(fit, 'fit-in and full-fit-in');
  writeSide(spelling, 'w', width, size ?? '');
  writeSide(spelling, 'h', height, size ?? '');
  const isFull = spelling.has('w') && spelling.has('h');
  if (isFull || spelling.has('w') || spelling.has('h')) {
    const mode = modeOf(parts, isFull);
    spelling.word('c', mode, fit ?? size ?? '');
    if (['fill', 'lfill'].includes(mode)) writePlace(spelling, parts);
    if (filters.some(({ name }) => name === 'no_upscale') && isFull) {
      spelling.approximate('no_upscale()', 'of a source smaller than the box, the largest cut of its ratio');
    }
  }
  if (isLateUpscale(filters)) spelling.approximate('upscale()', 'of no effect behind fill(), unlike in imagor');
  const colour = filters.find(({ name }) => name === 'fill');
  if (colour !== undefined) writeFill(spelling, colour);
  const flips = [...(flip === '-' ? ['vflip'] : []), ...(mirror === '-' ? ['hflip'] : [])];
  if (flips.length === 0) return;
  spelling.next();
  spelling.word('a', flips.join('.'), size ?? '');
}

function writeFill(spelling: TransformWriter, { args: [colour = '', filled = ''], from }: Filter): void {
  const named: Readonly<Record<string, string>> = { blur: 'blurred', none: 'transparent' };
  if (!['', '0', '1', 'true', 'false'].includes(filled)) spelling.wrong(from, 'true or false behind the colour');
  if (colour === 'auto') spelling.approximate(from, 'the colour that prevails, not the one of the top left pixel');
  const isClear = colour === 'transparent' || colour === 'none';
  if (!isClear && !['1', 'true'].includes(filled)) spelling.approximate(from, 'lies under transparent parts as well');
  spelling.word('b', ownValue(named, colour) ?? thumborColour(colour), from);
}

function readImage(spelling: TransformWriter, image: string): PeerSource | null {
  if (!image.startsWith('b64:')) return sourceIn(spelling, image);
  const text = Buffer.from(image.slice('b64:'.length), 'base64url').toString('utf8');
  return sourceIn(spelling, encodeURI(text));
}

/** `/{hash or unsafe}/trim/AxB:CxD/fit-in/-Ex-F/left/top/smart/filters:…/{image}` of thumbor, and of imagor, which speaks it too. */
export const thumborDialect: Dialect = {
  name: 'thumbor',
  product: 'thumbor and imagor',
  prefix: '/thumbor',
  example: '/unsafe/300x200/smart/my.server.com/some/path/to/image.jpg',
  signing: sealing,
  translate({ path, query }) {
    const spelling = new TransformWriter(path);
    if (query !== '') spelling.refuse(`?${query}`);
    const { parts, image } = takeApart(spelling, path);
    if (/^(meta|debug|params)\//.test(image)) spelling.refuse(image.split('/')[0] ?? '', 'pictures alone');
    writeFirst(spelling, parts);
    writeBox(spelling, parts);
    writeFilters(spelling, parts.filters);
    return spelling.translation(readImage(spelling, image));
  },
};
