import { layer, type TextLayer } from '../transform/params/layer.ts';

/** Text for the word `l`; bold and italic where they are said. */
export function textLayer({
  bold = false,
  italic = false,
  ...rest
}: Pick<TextLayer, 'font' | 'size' | 'text'> & Partial<Pick<TextLayer, 'bold' | 'italic'>>): string {
  return layer.print({ kind: 'text', bold, italic, ...rest }) ?? '';
}
