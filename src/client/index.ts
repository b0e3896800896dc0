/** Builds URLs of pictures: types from the catalogue of words, nothing of Node, nothing that runs before it is called. */
export { type PictureAttributes, type PictureOptions, picture } from './picture.ts';
export type { Picture } from './picture-facts.ts';
export { placeholder } from './placeholder.ts';
export { type IdOptions, idOf } from './source-id.ts';
export type { ColourSpelling, Component, EffectSpelling, LengthSpelling, Spelling, Transform } from './spelling.ts';
export { type SrcsetOptions, srcset } from './srcset.ts';
export { textLayer as text } from './text.ts';
export { type UrlOptions, url } from './url.ts';
