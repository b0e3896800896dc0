import { encodeWord } from '../transform/encode-word.ts';
import { idPattern, idRule } from '../transform/id.ts';
import { printNumber } from '../transform/params/param.ts';
import { factsOf, type Picture } from './picture-facts.ts';
import type { Component, Spelling, Transform } from './spelling.ts';

export interface UrlOptions {
  /** Where Tintype or the CDN before it answers, such as `https://img.example.com`; paths alone when empty. */
  readonly base?: string | undefined;
  /** Signs a path, such as what `signer` of `tintype/client/sign` gives. */
  readonly sign?: ((path: string) => string) | undefined;
}

/**
 * The URL of a picture. Given more than an id, it names the version, so that the answer may be kept for a year, and the
 * format where the transform does not. It ends in a file name where the format is known, since some CDNs cache by extension;
 * behind `f_auto` it does not, since some of those ignore Vary. Throws a RangeError for what is no id, and for a number that is
 * not finite.
 */
export function url(picture: string | Picture, transform: Transform = {}, options: UrlOptions = {}): string {
  const facts = factsOf(picture);
  if (!idPattern.test(facts.id)) throw new RangeError(`Expected ${idRule} but received "${facts.id.slice(0, 100)}"`);
  const components = withFacts(facts, componentsOf(transform));
  const format = said(components, 'f');
  const words = components.map(printComponent).filter((text) => text !== '');
  const end = format === undefined || format === 'auto' || format === 'orig' ? null : `${facts.id}.${format}`;
  const segments = end === null ? unmistakable(words) : [...words, encodeURIComponent(end)];
  const path = ['/img', facts.id, ...segments].join('/');
  return (options.base ?? '').replace(/\/+$/, '') + (options.sign?.(path) ?? path);
}

/** At least one; none of several is empty. */
export function componentsOf(transform: Transform): readonly Component[] {
  // The compiler does not know that Array.isArray holds for readonly arrays too.
  const all: readonly Component[] = Array.isArray(transform) ? transform : [transform as Component];
  const telling = all.filter((component) => printComponent(component) !== '');
  return telling.length === 0 ? [{}] : telling;
}

/** The last value of a word in any component. */
function said<K extends keyof Component>(components: readonly Component[], key: K): Component[K] {
  return components.findLast((component) => component[key] !== undefined)?.[key];
}

/** What is known and not said otherwise: the version stands in the first component, the format in the last. */
function withFacts(facts: Picture, components: readonly Component[]): readonly Component[] {
  const asked = said(components, 'f');
  const v = said(components, 'v') !== undefined || asked === 'orig' ? undefined : facts.version?.slice(0, 8);
  // A preset may name a format, and what stands beside it would win.
  const f = asked !== undefined || said(components, 't') !== undefined ? undefined : ownFormat(facts);
  const last = components.length - 1;
  return components.map((component, index) => ({
    ...component,
    ...(index === 0 && v !== undefined ? { v } : {}),
    ...(index === last && f !== undefined ? { f } : {}),
  }));
}

/** As the server decides it without `f`. */
function ownFormat({ format, alpha }: Picture): Spelling<'f'> | undefined {
  if (format === 'jpg' || format === 'png' || format === 'webp' || format === 'avif' || format === 'gif') return format;
  if (format === undefined || alpha === undefined) return undefined;
  return alpha ? 'png' : 'jpg';
}

type Written = string | number | readonly string[] | undefined;

function printComponent(component: Component): string {
  return Object.entries<Written>(component)
    .flatMap(([key, value]) => printWord(key, value))
    .map(encodeWord)
    .sort()
    .map((word) => (/^t_[^.]+$/.test(word) ? word.slice(2) : word))
    .join(',');
}

/** Effects are words of their own, all else that may be several is joined by dots. */
function printWord(key: string, value: Written): readonly string[] {
  if (value === undefined) return [];
  const texts = [value].flat().map((one) => (typeof one === 'number' ? printFinite(key, one) : one));
  if (key === 'e') return texts.map((text) => `e_${text}`);
  return texts.length === 0 ? [] : [`${key}_${texts.join('.')}`];
}

function printFinite(key: string, value: number): string {
  if (Number.isFinite(value)) return printNumber(value);
  throw new RangeError(`Expected a finite number for ${key} but received ${value}`);
}

/** A last layer that would be taken for a file name says what it means in one more word. */
function unmistakable(words: readonly string[]): readonly string[] {
  return words.map((text, index) =>
    index > 0 && index === words.length - 1 && /^l_[^,]*\.[A-Za-z]{3,4}$/.test(text) ? `g_center,${text}` : text,
  );
}
