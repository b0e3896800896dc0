import type { FormatName } from '../../formats/format.ts';
import { formats } from '../../formats/index.ts';
import type { Original } from '../../library/original.ts';
import type { Worthy } from '../../library/selection/breakpoints.ts';
import type { Look } from '../../library/selection/placeholders.ts';

/** What is worth offering of a picture. */
export interface PictureChoices {
  /** Rising. */
  readonly widths: readonly number[];
  readonly formats: Worthy;
}

/** What a `<picture>` is made of. */
export interface PictureFacts {
  readonly original: Original;
  readonly placeholder: Look;
  readonly choices: PictureChoices;
  readonly sizes: string;
  readonly urlOf: (width: number, format: FormatName) => string;
}

/** Of the `img` that is shown where no `source` fits, in pixels at most. */
const plainWidth = 1280;

/** Every URL names its format: which one is shown is the browser's choice, and no cache has to know of Accept. */
export function describePicture({ original, placeholder, choices, sizes, urlOf }: PictureFacts) {
  const { facts, metadata } = original;
  const { widths } = choices;
  // What is wider than the original is answered in the original's width.
  const real = (width: number) => Math.min(width, facts.width);
  const srcsetOf = (format: FormatName) => widths.map((width) => `${urlOf(width, format)} ${real(width)}w`).join(', ');
  const base = choices.formats.at(-1) ?? choices.formats[0];
  const largest = real(widths.at(-1) ?? facts.width);
  return {
    sources: choices.formats.slice(0, -1).map((format) => {
      return { type: formats[format].mediaType, srcset: srcsetOf(format), sizes };
    }),
    img: {
      src: urlOf(widths.findLast((width) => width <= plainWidth) ?? widths[0] ?? facts.width, base),
      srcset: srcsetOf(base),
      sizes,
      width: largest,
      height: Math.max(1, Math.round((largest * facts.height) / facts.width)),
      alt: typeof metadata['alt'] === 'string' ? metadata['alt'] : '',
      placeholder: placeholder.placeholder,
    },
  };
}

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const attributes = (all: Readonly<Record<string, string | number>>) =>
  Object.entries(all)
    .map(([name, value]) => `${name}="${String(value).replaceAll(/[&<>"]/g, (one) => escapes[one] ?? '')}"`)
    .join(' ');

/** The placeholder lies behind the picture until it is there; behind a translucent one it would be seen for ever. */
export function htmlOf(
  { sources, img }: ReturnType<typeof describePicture>,
  { original: { facts }, placeholder: look }: PictureFacts,
): string {
  const { placeholder, ...shown } = img;
  const behind = { style: `background:${look.dominantColor} url(${placeholder}) center/cover no-repeat` };
  const image = { ...shown, loading: 'lazy', decoding: 'async', ...(facts.alpha ? {} : behind) };
  return [
    '<picture>',
    ...sources.map((source) => `  <source ${attributes(source)}>`),
    `  <img ${attributes(image)}>`,
    '</picture>',
  ].join('\n');
}
