import { readFileSync } from 'node:fs';
import type { Running } from '../support/tintype.ts';
import { withToken } from '../support/tintype.ts';

/** The drawings of ours that documents show and speak of, by their ids there. */
export const drawings: Readonly<Record<string, string>> = {
  lake: 'sample.jpg',
  balloon: 'scene.jpg',
  disc: 'alpha.png',
  dance: 'animated.gif',
  pages: 'pages.tiff',
};

export interface Shown {
  /** In docs/pictures. */
  readonly file: string;
  readonly alt: string;
  readonly path: string;
}

/** What stands on top of the README. */
export const hero: Shown = {
  file: 'hero.webp',
  alt: 'A mountain lake at sunset with the word Tintype on it',
  path: '/img/lake/ar_3:1,w_960/co_white,g_center,l_text:DejaVu%20Serif_110_bold:Tintype,o_92/lake.webp',
};

/** The README's gallery: each file is what its URL answers. */
export const gallery: readonly Shown[] = [
  { file: 'fit.webp', alt: 'The whole lake', path: '/img/lake/w_200/lake.webp' },
  { file: 'fill.webp', alt: 'A square of the lake', path: '/img/lake/c_fill,g_auto,h_150,w_150/lake.webp' },
  { file: 'round.webp', alt: 'A round piece of the lake', path: '/img/lake/c_fill,h_150,r_max,w_150/lake.webp' },
  {
    file: 'blurred.webp',
    alt: 'The balloon on a blurred copy',
    path: '/img/balloon/b_blurred,c_pad,h_150,w_150/balloon.webp',
  },
  {
    file: 'duotone.webp',
    alt: 'The lake in two colours',
    path: '/img/lake/e_duotone:midnightblue:moccasin,w_200/lake.webp',
  },
  {
    file: 'askew.webp',
    alt: 'The balloon as a print, askew',
    path: '/img/balloon/bo_6px_solid_white,w_160/a_-6/balloon.webp',
  },
  {
    file: 'watermark.webp',
    alt: 'The lake with a disc in its corner',
    path: '/img/lake/w_200/g_south_east,l_disc,w_48,x_8,y_8/lake.webp',
  },
  { file: 'pixels.webp', alt: 'The balloon in squares', path: '/img/balloon/e_pixelate:8,w_200/balloon.webp' },
];

/** Stores the drawings. */
export async function storeDrawings({ send }: Pick<Running, 'send'>): Promise<void> {
  for (const [id, file] of Object.entries(drawings)) {
    const body = new Uint8Array(readFileSync(new URL(`../../fixtures/${file}`, import.meta.url)));
    const answer = await send('PUT', `/originals/${id}?focal=0.3,0.6`, { body, headers: withToken });
    if (answer.status !== 201) throw new Error(`Expected ${file} to be stored but received ${await answer.text()}`);
  }
}
