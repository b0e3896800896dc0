import { type ImagePath, mistakeAt, refuse } from './image-path.ts';
import type { RequestedTransform } from './transform.ts';

/** Refuses text in a font that is not there, naming all that are: a substitute would be another picture. Throws `bad-words`. */
export function checkFonts(
  { segments }: ImagePath,
  { components }: RequestedTransform,
  fonts: readonly string[],
): void {
  const missing = new Set(
    components.flatMap(({ l }) => (l?.kind === 'text' && !fonts.includes(l.font) ? [l.font] : [])),
  );
  if (missing.size === 0) return;
  refuse(
    [...missing].map((font) => {
      const place = segments.find(({ text }) => text.includes(`l_text:${font}_`)) ?? segments[0];
      const position = place?.position ?? 0;
      return mistakeAt(position, font, `one of the fonts ${fonts.join(', ')}`, `l_text:${fonts[0]}_24:Hello`);
    }),
  );
}
