import { Failure, shorten } from '../errors.ts';
import type { ImagePath } from './image-path.ts';
import { rolesOf, signsOf } from './layers.ts';
import { parameters, type Words } from './params/index.ts';
import type { Length } from './params/param.ts';
import { maxSide } from './params/size.ts';
import { roundHalfUp } from './resolve.ts';
import { modeOf } from './rules.ts';
import type { Presets, RequestedTransform } from './transform.ts';

/**
 * Which widths `w` may ask for, in device pixels: all, a list beyond which nothing is answered, or rungs of which the next one
 * is. A crop rectangle is no width of an answer; the widths that presets name are the operator's own and stay.
 */
export interface Ladder {
  readonly kind: 'free' | 'snap' | 'list';
  readonly widths: readonly number[];
}

/** A ladder that spares what presets name. */
export function ladderBeside(ladder: Ladder, presets: Presets): Ladder & { readonly spared: ReadonlySet<number> } {
  const components = [...presets.values()].flatMap((preset) => preset.components);
  return { ...ladder, spared: new Set(components.flatMap((words) => widthOf(words) ?? [])) };
}

export type ReportOnlyLadder = ReturnType<typeof ladderBeside>;

/** Device pixels that `w` asks for; null where it asks for none, or for a share of the picture. */
function widthOf({ w, dpr = 1 }: Words): number | null {
  return w === undefined || w.unit === 'fraction' ? null : Math.max(1, roundHalfUp(w.value * dpr));
}

/**
 * Looks at the words as they were sent, before they are read: a width that is not allowed is refused whatever else is
 * wrong with the URL. Throws `forbidden`.
 */
export function checkWidths(path: ImagePath, ladder: ReportOnlyLadder): void {
  if (ladder.kind !== 'list') return;
  const components = path.segments.map(({ text }) => text.split(','));
  const roles = rolesOf(components.map(spelledSigns));
  for (const [index, words] of components.entries()) {
    // A layer's width is no width of an answer.
    if (roles[index] !== 'own') continue;
    const spelled = (key: string) => words.findLast((word) => word.startsWith(`${key}_`))?.slice(key.length + 1) ?? '';
    if (spelled('c') === 'crop') continue;
    const dpr = parameters.dpr.parse(spelled('dpr')) ?? 1;
    for (const word of words.filter((word) => word.startsWith('w_'))) {
      const w = parameters.w.parse(word.slice(2));
      if (w !== null && !isAllowed(widthOf({ w, dpr }), ladder)) throw notAllowed(word, dpr, ladder);
    }
  }
}

const spelledSigns = (words: readonly string[]) => ({
  opens: words.some((word) => word.startsWith('l_')),
  applies: words.some((word) => /^fl_(.*\.)?layer_apply(\.|$)/.test(word)),
});

function isAllowed(width: number | null, { widths, spared }: ReportOnlyLadder): boolean {
  return width !== null && (widths.includes(width) || spared.has(width));
}

function notAllowed(word: string, dpr: number, { widths }: ReportOnlyLadder): Failure {
  const at = dpr === 1 ? '' : ` at dpr_${dpr}`;
  return new Failure('forbidden', `Expected one of the widths ${widths.join(', ')} but received ${shorten(word)}${at}`);
}

/** The next rung upwards, or the last one. */
export function rungOf(width: number, widths: readonly number[]): number {
  const above = widths.filter((rung) => rung >= width);
  return above.length === 0 ? Math.max(...widths) : Math.min(...above);
}

/** Widths as they may be asked for; throws `forbidden` for one that is on no list. */
export function widthsOn(ladder: ReportOnlyLadder, widths: readonly number[]): readonly number[] {
  const isLeft = (width: number) => ladder.kind === 'free' || isAllowed(width, ladder);
  if (ladder.kind === 'snap') return widths.map((width) => (isLeft(width) ? width : rungOf(width, ladder.widths)));
  const refused = widths.find((width) => !isLeft(width));
  if (refused !== undefined) throw notAllowed(`w_${refused}`, 1, ladder);
  return widths;
}

/** What is answered instead of what was asked: the same picture on the next rung, its box in proportion. */
export function snapToRungs(asked: RequestedTransform, ladder: ReportOnlyLadder): RequestedTransform {
  if (ladder.kind !== 'snap') return asked;
  const roles = rolesOf(asked.components.map(signsOf));
  const components = asked.components.map((words, index) => (roles[index] === 'own' ? snapped(words, ladder) : words));
  return { ...asked, components };
}

function snapped(words: Words, ladder: ReportOnlyLadder): Words {
  const width = widthOf(words);
  if (width === null || modeOf(words) === 'crop' || isAllowed(width, ladder)) return words;
  const rung = rungOf(width, ladder.widths);
  const { w: _, h, dpr = 1, r, bo, ...rest } = words;
  return {
    ...rest,
    w: { unit: 'px', value: rung },
    ...(h === undefined ? {} : { h: scaled(h, (dpr * rung) / width) }),
    ...(r === undefined ? {} : { r: denser(r, dpr) }),
    ...(bo === undefined ? {} : { bo: { ...bo, width: within(bo.width * dpr, 1, 200) } }),
  };
}

const within = (value: number, least: number, most: number) => Math.min(most, Math.max(least, roundHalfUp(value)));

function scaled(length: Length, ratio: number): Length {
  return length.unit === 'fraction' ? length : { unit: 'px', value: within(length.value * ratio, 1, maxSide) };
}

function denser(radius: NonNullable<Words['r']>, dpr: number): NonNullable<Words['r']> {
  if (radius === 'max') return radius;
  const [a, b, c, d] = radius;
  const each = (corner: number) => within(corner * dpr, 0, 4096);
  return [each(a), each(b), each(c), each(d)];
}
