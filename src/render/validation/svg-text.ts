/**
 * Whether a file's beginning is SVG in any spelling: with a byte order mark, in UTF-16, after a declaration, a doctype
 * or comments, with a namespace prefix. A root that stands beyond the bytes given is not found.
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

/** Bytes 0 of UTF-16 fall away: names of elements are ASCII, and more is not asked here. */
function decode(head: Buffer): string {
  const [first, second] = head;
  const is16 =
    (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff) || first === 0 || second === 0;
  const text = is16 ? head.toString('latin1').replaceAll('\0', '') : head.toString('latin1');
  return text.replace(/^(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)/, '');
}

/** What follows one declaration, instruction, comment or doctype, or null if none stands here. */
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
