import type { QualityLevel } from '../src/formats/format.ts';

/** What `src/formats/qualities.ts` holds. */
export interface Qualities {
  readonly measured: string;
  readonly qualities: Readonly<Record<'jpg' | 'webp' | 'avif', Readonly<Record<QualityLevel, number>>>>;
  /** What AVIF's take on top in larger outputs. */
  readonly avifMore: { readonly middle: number; readonly large: number };
  readonly likeness: Readonly<Record<QualityLevel, number>>;
}

const print = (levels: Readonly<Record<QualityLevel, number>>) =>
  `{ best: ${levels.best}, good: ${levels.good}, eco: ${levels.eco}, low: ${levels.low} }`;

/** That file's text; nobody else writes it. */
export function printQualities({ measured, qualities, avifMore, likeness }: Qualities): string {
  return `/** Written by \`npm run bench:qualities -- DIR\`, which says how it was found; change that, not this. */
export const measured = '${measured}';

/** Qualities at which photos look as good in one format as in another. */
export const qualities = {
  jpg: ${print(qualities.jpg)},
  webp: ${print(qualities.webp)},
  avif: ${print(qualities.avif)},
} as const;

/** What AVIF's take on top above 0.3 and 0.5 megapixels, where less effort is spent. */
export const avifMore = { middle: ${avifMore.middle}, large: ${avifMore.large} } as const;

/** Structural similarity of luma that photos have at each level, which \`q_auto\` seeks for a single one. */
export const likeness = ${print(likeness)} as const;
`;
}
