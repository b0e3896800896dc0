import { createHmac } from 'node:crypto';
import type { Dialect, PeerSource, SignatureScheme } from './dialect.ts';
import { aliases, boxing, type ImgproxyBox, options, usualBox, writeGravity } from './imgproxy-options.ts';
import { ownValue } from './own-value.ts';
import { signedParts } from './seals.ts';
import { sourceIn } from './sources.ts';
import { fraction, TransformWriter } from './spelling.ts';

/** An HMAC-SHA256 of salt and path in base64url; what is shorter is a placeholder, as unsigned URLs have one. */
const sealPattern = /^[A-Za-z0-9_-]{43}=?$/;

const sealing: SignatureScheme = {
  expected: 'key and salt in hex with a colon between them',
  isKey: (text) => /^([0-9a-f]{2})+:([0-9a-f]{2})+$/i.test(text),
  signatureOf({ path }, keys) {
    const [sent = '', ...rest] = path.split('/');
    if (!sealPattern.test(sent)) return 'unsigned';
    const made = keys.map((each) => {
      const [key = '', salt = ''] = each.split(':').map((hex) => Buffer.from(hex, 'hex'));
      return createHmac('sha256', key)
        .update(salt)
        .update(`/${rest.join('/')}`, 'latin1')
        .digest('base64url');
    });
    return signedParts(sent.replace(/=$/, ''), made);
  },
};

/** Our mode for its type; `auto` would have to know the source. */
function modeOf({ type, enlarge, extend }: ImgproxyBox): string | null {
  if (type === 'fit') return extend ? (enlarge ? 'pad' : 'lpad') : enlarge ? 'fit' : 'limit';
  if (type === 'force') return 'scale';
  if (type === 'fill-down') return 'lfill';
  if (type === 'fill') return enlarge ? 'fill' : 'lfill';
  return null;
}

/** A side of 0 is the source's own, and what is not to be enlarged has its box made smaller first. */
function force(spelling: TransformWriter, box: ImgproxyBox): void {
  for (const key of ['w', 'h'] as const) {
    if (box[key] !== '0') continue;
    if (spelling.has('dpr')) spelling.refuse('dpr', 'no ratio beside a side of the source');
    spelling.word(key, '1.0', 'force');
  }
  if (!box.enlarge) spelling.approximate('force', 'a box larger than the source is not made smaller first');
}

/** Mode and gravity of the box, which options may name in any order. */
function writeBox(spelling: TransformWriter, box: ImgproxyBox): void {
  const mode = modeOf(box);
  if (mode === null) return spelling.refuse(`:${box.type}`, 'no resizing type but fit, fill, fill-down and force');
  if (box.extend && box.type !== 'fit') spelling.refuse(box.extendFrom, 'extend with the type fit alone');
  for (const key of ['w', 'h'] as const) if (box[key] !== '0') spelling.word(key, box[key], `:${box[key]}`);
  if (!spelling.has('w') && !spelling.has('h')) return;
  const isFull = spelling.has('w') && spelling.has('h');
  if (box.type === 'force') force(spelling, box);
  spelling.word('c', box.extend && !isFull ? (box.enlarge ? 'fit' : 'limit') : mode, box.type);
  if (box.type === 'fill' && !box.enlarge && isFull) {
    spelling.approximate('fill', 'of a source smaller than the box, the largest cut of its ratio (as fill-down)');
  }
  const isPlaced = isFull && (box.extend || box.type.startsWith('fill'));
  if (isPlaced && box.gravity.length > 0) writeGravity(spelling, box.gravity, box.gravityFrom);
}

interface Asked {
  /** Short. */
  readonly name: string;
  readonly args: readonly string[];
  readonly from: string;
}

function optionsIn(segments: readonly string[]): readonly Asked[] {
  return segments.map((from) => {
    const [name = '', ...args] = from.split(':');
    return { name: ownValue(aliases, name) ?? name, args, from };
  });
}

function trimFirst(spelling: TransformWriter, { args, from }: Asked): void {
  if (args.slice(1).some((arg) => arg !== '' && arg !== '0')) spelling.refuse(from, 'trimming of equal edges only');
  spelling.word('e', `trim:${args[0] === '' ? 10 : args[0]}`, from);
  spelling.next();
}

/** In pixels of the source; below 1 it is a share, and 0 is all of it. */
function cropFirst(spelling: TransformWriter, { args, from }: Asked, about: readonly string[]): void {
  const [width = '', height = '', ...gravity] = args;
  for (const [key, side] of [
    ['w', width],
    ['h', height],
  ] as const) {
    if (side === '' || Number(side) === 0) spelling.word(key, '1.0', from);
    else spelling.word(key, Number(side) < 1 ? (fraction(side) ?? side) : side, from);
  }
  spelling.word('c', 'crop', from);
  const own = gravity.length > 0 ? gravity : about;
  writeGravity(spelling, own.length > 0 ? own : ['ce'], from);
  spelling.next();
}

/** `plain/{url}@{ext}`, or base64url in any number of segments and `.{ext}`. */
function readSource(spelling: TransformWriter, segments: readonly string[]): PeerSource | null {
  const plain = segments[0] === 'plain';
  const text = plain ? segments.slice(1).join('/') : segments.join('');
  const at = text.lastIndexOf(plain ? '@' : '.');
  const [source, extension] = at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
  if (extension !== '') spelling.word('f', extension, `${plain ? '@' : '.'}${extension}`);
  if (plain) return sourceIn(spelling, source);
  if (segments[0] === 'enc') {
    spelling.refuse('enc', 'no encrypted sources');
    return null;
  }
  if (!/^[A-Za-z0-9_-]+={0,2}$/.test(source)) {
    spelling.wrong(text, 'plain/ and a URL, or a URL in base64url');
    return null;
  }
  return sourceIn(
    spelling,
    Buffer.from(source, 'base64url')
      .toString('utf8')
      .replaceAll(/%(?![0-9a-f]{2})/gi, '%25'),
  );
}

/** `/{signature}/{option:arg:…}/…/plain/{url}@{ext}` (docs.imgproxy.net). Options may come in any order; the last of a kind counts. */
export const imgproxyDialect: Dialect = {
  name: 'imgproxy',
  product: 'imgproxy',
  prefix: '/imgproxy',
  example: '/unsafe/rs:fill:300:400/plain/cat.jpg@webp',
  signing: sealing,
  translate({ path, query }) {
    const spelling = new TransformWriter(path);
    if (query !== '') spelling.refuse(`?${query}`);
    const [, ...segments] = path.split('/');
    const end = segments.findIndex((segment) => !segment.includes(':'));
    const [asked, rest] = end === -1 ? [segments, []] : [segments.slice(0, end), segments.slice(end)];
    const found = optionsIn(asked);
    const last = (name: string) => found.findLast((option) => option.name === name);
    const [trim, crop, gravity] = [last('t'), last('c'), last('g')?.args ?? []];
    const box: ImgproxyBox = { ...usualBox };
    if (trim !== undefined) trimFirst(spelling, trim);
    if (crop !== undefined) cropFirst(spelling, crop, gravity);
    const source = rest.length === 0 ? null : readSource(spelling, rest);
    for (const { name, args, from } of found.filter((each) => each === last(each.name) || boxing.includes(each.name))) {
      const write = ownValue(options, name);
      if (write !== undefined) write(spelling, args, from, box);
      else if (name !== 't' && name !== 'c') spelling.refuse(from);
    }
    if (box.presets !== '') spelling.word('t', box.presets, `pr:${box.presets}`);
    writeBox(spelling, box);
    return spelling.translation(source, box.expires);
  },
};
