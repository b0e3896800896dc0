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

/** The text of that file. */
export function printQualities({ measured, qualities, avifMore, likeness }: Qualities): string {
  return `/** What the qualities below were measured on. \`npm run bench:qualities -- DIR\` generates this file; do not edit it. */
export const measured = '${measured}';

/** Qualities at which photos look equally good in each format. */
export const qualities = {
  jpg: ${print(qualities.jpg)},
  webp: ${print(qualities.webp)},
  avif: ${print(qualities.avif)},
} as const;

/** Added to AVIF's qualities above 0.3 and 0.5 megapixels, where effort is lower. */
export const avifMore = { middle: ${avifMore.middle}, large: ${avifMore.large} } as const;

/** Structural similarity (SSIM of luma) that photos reach at each level. The quality search of \`q_auto\` aims for it. */
export const likeness = ${print(likeness)} as const;
`;
}
