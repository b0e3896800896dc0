import { nearest } from '../nearest.ts';
import { cropModes } from '../params/crop.ts';
import { effectNames, isEffect } from '../params/effects/index.ts';
import { type Key, parameters } from '../params/index.ts';
import { printNumber } from '../params/param.ts';
import { effectAliases, gravityAliases, modeAliases, qualityAliases } from './aliases.ts';

/** Letters and digits alone, in lower case: how aliases are looked up. */
export const plain = (text: string): string => text.toLowerCase().replaceAll(/[-_ ]/g, '');

function alias(aliases: Readonly<Record<string, string>>, text: string): readonly string[] {
  const name = plain(text);
  const found = Object.hasOwn(aliases, name) ? aliases[name] : undefined;
  return found === undefined ? [] : [found];
}

/** A percentage as a share of one: `50%`, `50p` and `50pct` are `0.5`. */
function shares(text: string): readonly string[] {
  const percent = /^(\d{1,4}(?:\.\d{1,2})?)(?:%|p|pct|percent)$/i.exec(text)?.[1];
  if (percent === undefined) return [];
  const share = printNumber(Number(percent) / 100);
  return [share.includes('.') ? share : `${share}.0`];
}

const withoutUnit = (text: string): string => text.replace(/(?:px|pt|deg|°|x|%)$/i, '');
const colour = (text: string): readonly string[] => [text.replace(/^(?:#|0x)/i, '').toLowerCase()];

/** What a value may have meant, for the keys whose values have names or units. */
const readings: Partial<Record<Key, (text: string) => readonly string[]>> = {
  w: shares,
  h: shares,
  x: shares,
  y: shares,
  a: (text) => (/^[hv]$/i.test(text) ? [`${text.toLowerCase()}flip`] : []),
  ar: (text) => [text.replace(/^(\d+(?:\.\d+)?)\s*[x/_,-]\s*(\d+(?:\.\d+)?)$/i, '$1:$2')],
  b: colour,
  co: colour,
  c: (text) => [...alias(modeAliases, text), ...near(text, cropModes)],
  e: effects,
  f: (text) => [text.toLowerCase().replace(/^(?:image\/|\.)/, '')],
  g: (text) => [text.toLowerCase().replaceAll(/[- ]/g, '_'), ...alias(gravityAliases, text)],
  q: (text) => [...alias(qualityAliases, text), ...shareOfHundred(text)],
  r: (text) => (/^(?:50%|full|circle|round|true)$/i.test(text) ? ['max'] : []),
};

const near = (text: string, known: readonly string[]): readonly string[] => [nearest(text, known) ?? []].flat();

/** `0.8` is 80. */
function shareOfHundred(text: string): readonly string[] {
  return /^(?:0?\.\d+|1\.0)$/.test(text) ? [printNumber(Math.round(Number(text) * 100))] : [];
}

/** An effect under another name, or with another separator before its value. */
function effects(text: string): readonly string[] {
  const lower = text.toLowerCase();
  const cuts = [...lower.matchAll(/[:=_\-(]/g)].map(({ index }) => index);
  return [...cuts, lower.length].flatMap((cut) => {
    const name = effectNear(lower.slice(0, cut));
    const value = lower.slice(cut + 1).replace(/\)$/, '');
    if (name === null) return [];
    return value === '' ? [name] : [`${name}:${value}`, `${name}:${withoutUnit(value)}`];
  });
}

/** The effect of ours with that name, here or elsewhere. */
export function effectNamed(text: string): string | null {
  return isEffect(text) ? text : (alias(effectAliases, text)[0] ?? null);
}

/** The effect with that name, or the nearest to a mistyped name. Short names are near to too many words. */
export function effectNear(text: string): string | null {
  return effectNamed(text) ?? (text.length > 4 ? nearest(text, effectNames) : null);
}

/** The value of ours that a value probably meant, or null. */
export function repairValue(key: Key, text: string): string | null {
  const trimmed = text.trim();
  const lower = trimmed.toLowerCase();
  const tried = [trimmed, lower, ...(readings[key]?.(trimmed) ?? []), withoutUnit(lower)];
  return tried.find((value) => parameters[key].parse(value) !== null) ?? null;
}
