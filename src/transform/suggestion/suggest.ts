import { Failure } from '../../errors.ts';
import { encodeWord } from '../encode-word.ts';
import { parseTransform } from '../grammar.ts';
import { hintFor } from '../hints.ts';
import { pathOfId } from '../id.ts';
import { decodeSegment, formatOfName, idOfSegments, splitId } from '../id-segments.ts';
import { splitImagePath } from '../image-path.ts';
import { isParamKey } from '../params/index.ts';
import type { Presets } from '../transform.ts';
import { type Repair, type RepairedWord, repairOf, repairPair } from './repair-word.ts';

/** Longer paths get no suggestion: what is refused has to stay cheap. */
const maxPath = 512;
const maxSegments = 20;
const maxWords = 24;

/** A segment behind the id, and what it meant. */
interface Part {
  readonly raw: string;
  readonly text: string;
  /** Words in our spelling; null where it is no component. */
  readonly words: readonly RepairedWord[] | null;
  /** Whether every word of it was ours already. */
  readonly isOurs: boolean;
  readonly isName: boolean;
}

/**
 * The right URL for one that is refused, where it follows from the URL and the presets alone. It has been read and is legal. `path` is
 * raw, `/img/` included; without that route, the path of an id and its words is tried.
 */
export function suggestPath(path: string, query: string, presets: Presets): string | null {
  if (path.length > maxPath || query.length > maxPath) return null;
  const segments = path.split('/').filter((raw) => raw !== '');
  const [route = '', ...behind] = segments;
  const isImage = route === 'img';
  if (segments.length > maxSegments || /^https?(?::|%3a)/i.test(behind[0] ?? '')) return null;
  const tried = isImage ? [behind] : [...(isRouteName(route) ? [behind] : []), segments];
  const repair = repairOf(presets);
  const candidates = tried
    .filter((sent) => sent.length > 0 && splitId(sent).signature === null)
    .flatMap((sent) => readingsOf(sent, repair))
    .filter(({ parts }) => isImage || parts.length > 0)
    .flatMap((reading) => printed(reading, query, repair));
  return candidates.find((candidate) => candidate !== path && isLegal(candidate, presets)) ?? null;
}

/** What other servers call the route of pictures. */
const isRouteName = (text: string): boolean =>
  /^(?:im(?:a)?g(?:e)?s?|pics?|pictures?|photos?|media|assets|uploads?|files|static|cdn|render|i)$/i.test(text);

/** What a URL may have meant: an id, what stood behind it, and a file name at the end. */
interface Reading {
  readonly id: readonly string[];
  readonly parts: readonly Part[];
  readonly name: string | null;
}

function readingsOf(segments: readonly string[], repair: Repair): readonly Reading[] {
  const { spelled, rest } = splitId(segments);
  const parts = rest.map((raw) => partOf(raw, repair));
  if (spelled.length > 1) return [withName(spelled, parts)];
  const turned = turnedReading(segments, repair);
  const words = parts.findIndex((part) => part.words !== null);
  const others = words === -1 ? parts.length : words;
  if (parts.slice(0, others).some(({ text }) => isMistakenWord(text))) return turned === null ? [] : [turned];
  const joined = [...spelled, ...parts.slice(0, others).map(({ raw }) => raw)];
  return [...(turned === null ? [] : [turned]), withName(joined, parts.slice(others))];
}

/** Whether it was meant as a word, though no word of ours follows from it: it is no name of a folder. */
function isMistakenWord(text: string): boolean {
  return isParamKey(text.slice(0, Math.max(0, text.indexOf('_')))) || text.includes(',') || hintFor(text) !== null;
}

/** Words before the id. */
function turnedReading(segments: readonly string[], repair: Repair): Reading | null {
  const parts = segments.map((raw) => partOf(raw, repair));
  const end = parts.findIndex(({ words, text }) => words === null || !/[_,=:]|^\d*x\d*$/.test(text));
  if (end < 1) return null;
  const ids = parts.slice(end).findIndex(({ words }) => words !== null);
  const behind = ids === -1 ? [] : parts.slice(end + ids);
  const id = parts.slice(end, ids === -1 ? undefined : end + ids).map(({ raw }) => raw);
  return withName(id, [...parts.slice(0, end), ...behind]);
}

/** Takes a file name off the end. What is neither words nor a name is left out there, and nowhere else. */
function withName(id: readonly string[], parts: readonly Part[]): Reading {
  const last = parts.at(-1);
  if (last === undefined || last.words !== null) return { id, parts, name: null };
  return { id, parts: parts.slice(0, -1), name: last.isName ? last.raw : null };
}

const separators = [',', /[,;&|+ ]/] as const;

function partOf(raw: string, repair: Repair): Part {
  const text = decodeSegment(raw) ?? '';
  const isName = formatOfName(text) !== null;
  const stem = isName ? text.slice(0, text.lastIndexOf('.')) : text;
  const words = stem === '' ? null : isName ? wordsOfName(stem, repair) : wordsOf(stem, repair);
  return {
    raw,
    text,
    words,
    isName,
    isOurs: !isName && text.split(',').every((word) => repair(word)?.words[0] === word),
  };
}

function wordsOf(text: string, repair: Repair): readonly RepairedWord[] | null {
  for (const separator of separators) {
    const words: RepairedWord[] = [];
    for (const word of text.split(separator, maxWords)) {
      const repaired = repair(word);
      if (repaired === null) break;
      words.push(repaired);
    }
    if (words.length === text.split(separator).length) return words;
  }
  return null;
}

/** A file name whose stem is words of ours, with `@2x` at its end or not. Words of other products make names of files. */
function wordsOfName(stem: string, repair: Repair): readonly RepairedWord[] | null {
  const [, base = '', density] = /^(.*?)(@[\d.]+x)?$/i.exec(stem) ?? [];
  const isSpelledAsWord = /^[A-Za-z]+_/.test(base) || repair(base)?.words[0] === base;
  const words = isSpelledAsWord ? wordsOf(base, repair) : null;
  const dpr = density === undefined ? null : repair(density);
  return words === null || dpr === null ? words : [...words, dpr];
}

/** The URL of a reading, with a file name where the URL named a format; then without, and with a mode that cuts. */
function printed({ id, parts, name }: Reading, query: string, repair: Repair): readonly string[] {
  const canonical = idOfSegments(id);
  if (canonical === null || parts.some(({ words }) => words === null)) return [];
  const asked = parts.length === 0 && query !== '' ? queryWords(query, repair) : [];
  const components = componentsOf(asked.length === 0 ? parts : [{ words: asked, isOurs: false }]);
  if (components === null) return [];
  const named = name ?? nameFor(canonical, parts.at(-1));
  const base = `/img/${canonical}`;
  const paths = [components, components.map(withCut)].flatMap((all) => {
    const whole = [base, ...all.map(print)].filter((segment) => segment !== '').join('/');
    return named === null ? [whole] : [`${whole}/${named}`, whole];
  });
  return parts.length === 0 && asked.length === 0 && name !== null ? [`/img/${canonical}/${name}`, base] : paths;
}

/** A file name with the extension that a segment of words had. */
function nameFor(id: string, part: Part | undefined): string | null {
  if (part?.isName !== true) return null;
  const last = pathOfId(id).split('/').at(-1) ?? id;
  const stem = formatOfName(last) === null ? last : last.slice(0, last.lastIndexOf('.'));
  return encodeURIComponent(stem) + part.text.slice(part.text.lastIndexOf('.')).toLowerCase();
}

function queryWords(query: string, repair: Repair): readonly RepairedWord[] {
  return [...new URLSearchParams(query)].flatMap(
    ([name, value]) => repairPair(name, value) ?? (value === '' ? (repair(name) ?? []) : []),
  );
}

/** One of ours stays a component; neighbours of other products, which write a word in each segment, become one. Null where two differ. */
function componentsOf(parts: readonly Pick<Part, 'words' | 'isOurs'>[]): readonly ReadonlyMap<string, string>[] | null {
  const components: { readonly words: RepairedWord[]; readonly isOurs: boolean }[] = [];
  for (const { words, isOurs } of parts) {
    const before = components.at(-1);
    if (before !== undefined && !before.isOurs && !isOurs) before.words.push(...(words ?? []));
    else components.push({ words: [...(words ?? [])], isOurs });
  }
  const merged = components.map(({ words }) => merge(words));
  return merged.every((component) => component !== null) ? merged : null;
}

/** Words by key, effects by name; null where two of them differ. */
function merge(repaired: readonly RepairedWord[]): ReadonlyMap<string, string> | null {
  const words = new Map<string, string>();
  for (const word of repaired.flatMap((each) => each.words)) {
    const key = word.startsWith('e_')
      ? word.replace(/:.*/s, '')
      : word.includes('_')
        ? word.slice(0, word.indexOf('_'))
        : 't';
    if ((words.get(key) ?? word) !== word) return null;
    words.set(key, word);
  }
  if (!words.has('c') && !words.has('ar') && repaired.some(({ mode }) => mode === 'fill')) words.set('c', 'c_fill');
  if (words.get('c') === 'c_limit' && !words.has('ar') && words.size > 1) words.delete('c');
  return words;
}

/** A gravity, an offset or a zoom needs a mode that cuts. */
function withCut(words: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const isCut = ['g', 'x', 'y', 'z'].some((key) => words.has(key)) && !words.has('c') && !words.has('l');
  return isCut ? new Map([...words, ['c', 'c_fill']]) : words;
}

const print = (words: ReadonlyMap<string, string>): string => [...words.values()].sort().map(encodeWord).join(',');

function isLegal(path: string, presets: Presets): boolean {
  try {
    parseTransform(splitImagePath(path, '/img/'), presets);
    return true;
  } catch (thrown) {
    if (thrown instanceof Failure) return false;
    throw thrown;
  }
}
