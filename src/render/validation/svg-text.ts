/**
 * Whether a file is SVG, by its beginning: with a byte order mark, in UTF-16, after a declaration, a doctype or
 * comments, with a namespace prefix. The root element must be within the given bytes.
 */
export function isSvg(head: Buffer): boolean {
  const text = decode(head);
  let rest = text.trimStart();
  for (;;) {
    const after = skipMisc(rest);
    if (after === null) break;
    rest = after.trimStart();
  }
  return /^<(?:[\w.-]+:)?svg[\s>/]/.test(rest);
}

/** Drops the zero bytes of UTF-16, which is enough for ASCII element names. */
function decode(head: Buffer): string {
  const [first, second] = head;
  const is16 =
    (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff) || first === 0 || second === 0;
  const text = is16 ? head.toString('latin1').replaceAll('\0', '') : head.toString('latin1');
  return text.replace(/^(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)/, '');
}

/** Text after one declaration, instruction, comment or doctype; null if there is none. */
function skipMisc(text: string): string | null {
  if (text.startsWith('<?')) return after(text, '?>');
  if (text.startsWith('<!--')) return after(text, '-->');
  if (!/^<!doctype/i.test(text)) return null;
  const [subset, end] = [text.indexOf('['), text.indexOf('>')];
  return subset >= 0 && subset < end ? after(after(text, ']') ?? '', '>') : after(text, '>');
}

function after(text: string, mark: string): string | null {
  const found = text.indexOf(mark);
  return found < 0 ? null : text.slice(found + mark.length);
}
