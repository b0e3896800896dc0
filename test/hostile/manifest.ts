import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a MANIFEST.tsv expects of a file: `expect` in words and codes, and whether sharp itself could decode it. */
export interface Expectation {
  readonly words: string;
  /** What the manifest saw when it gave the file to sharp, or null where it does not say. */
  readonly decoder: string | null;
}

/** The expectations of a folder's MANIFEST.tsv by path; empty where there is none. Columns are found by their names. */
export function readManifest(folder: string): ReadonlyMap<string, Expectation> {
  const path = join(folder, 'MANIFEST.tsv');
  if (!existsSync(path)) return new Map();
  const [head = '', ...lines] = readFileSync(path, 'utf8').trimEnd().split('\n');
  const columns = head.split('\t');
  const [file, expect] = [columns.indexOf('file'), columns.indexOf('expect')];
  const decoded = columns.findIndex((column) => column.startsWith('sharp_decode_default'));
  return new Map(
    lines.map((line) => {
      const cells = line.split('\t');
      return [cells[file] ?? '', { words: cells[expect] ?? '', decoder: cells[decoded] || null }];
    }),
  );
}

/** Kinds of answer to an upload, as far as manifests tell them apart. */
export type Verdict = 'taken' | 'not an image' | 'refused';

export function verdictOf(status: number): Verdict {
  if (status < 300) return 'taken';
  return status === 415 ? 'not an image' : 'refused';
}

/** The verdicts that an expectation leaves open; all of them where it says nothing. */
export function allowedBy(expectation: string): ReadonlySet<Verdict> {
  const allowed = new Set<Verdict>();
  // "422 (never a half-grey 200)" names what must not be.
  const words = expectation.replace(/\bnever\b[^;,)]*/g, '');
  if (/\b200\b|decode(?!r)|rasterised/.test(words)) allowed.add('taken');
  if (/\b415\b|4xx|refused|clean error|\bno \S+ loader|\bno loader/.test(words)) allowed.add('not an image');
  if (/\b4(?:00|13|22)\b|4xx|refused|clean error/.test(words)) allowed.add('refused');
  if (/same verdict as plain SVG/.test(words)) allowed.add('not an image').add('taken');
  if (allowed.size === 0 || /probably/.test(words)) return new Set(['taken', 'not an image', 'refused']);
  return allowed;
}

/** Milliseconds that an expectation gives an upload, or null. */
export function timeIn(words: string): number | null {
  const seconds = /< (\d+) s\b/.exec(words)?.[1];
  return seconds === undefined ? null : Number(seconds) * 1000;
}

/** Why a verdict differs from the expectation and yet is right, or null where it is wrong. */
export function excuseFor(file: string, verdict: Verdict, { words, decoder }: Expectation): string | null {
  if (/\.svgz?$/.test(file) && verdict === 'not an image') return 'SVG is off';
  if (verdict !== 'taken' && decoder?.startsWith('err') === true) return 'there is no decoder for it';
  if (verdict === 'taken' && decoder === 'ok' && words === '4xx; process alive') return 'it is a sound picture';
  return null;
}
