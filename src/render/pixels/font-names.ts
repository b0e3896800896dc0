/** Name records of a font family: the legacy family (1) and the typographic family (16). */
const familyNames: readonly number[] = [1, 16];

/**
 * Family names in a TrueType or OpenType font or collection (OpenType 1.9, `name`).
 * @throws Error with the file's name if it is no such font or is truncated.
 */
export function familiesIn(bytes: Uint8Array, path: string): readonly string[] {
  const file = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    return [...new Set(fontsIn(file).flatMap((font) => namesAt(file, tableOf(file, font))))];
  } catch (cause) {
    throw new Error(`Expected a TrueType or OpenType font but "${path}" is none, or is damaged`, { cause });
  }
}

const tagAt = (file: DataView, at: number): string =>
  String.fromCharCode(...Array.from({ length: 4 }, (_, index) => file.getUint8(at + index)));

/** Offset of each font in the file; a collection has several. */
function fontsIn(file: DataView): readonly number[] {
  if (tagAt(file, 0) !== 'ttcf') return [0];
  return Array.from({ length: Math.min(256, file.getUint32(8)) }, (_, index) => file.getUint32(12 + 4 * index));
}

function tableOf(file: DataView, font: number): number {
  const tables = file.getUint16(font + 4);
  for (let index = 0; index < tables; index++) {
    const entry = font + 12 + 16 * index;
    if (tagAt(file, entry) === 'name') return file.getUint32(entry + 8);
  }
  throw new RangeError('Expected a table of names but there is none');
}

function namesAt(file: DataView, table: number): readonly string[] {
  const texts = table + file.getUint16(table + 4);
  const records = Array.from({ length: file.getUint16(table + 2) }, (_, index) => table + 6 + 12 * index);
  return records.flatMap((record) => {
    const platform = file.getUint16(record);
    if (!familyNames.includes(file.getUint16(record + 6)) || (platform !== 0 && platform !== 3)) return [];
    const [length, at] = [file.getUint16(record + 8), texts + file.getUint16(record + 10)];
    return [new TextDecoder('utf-16be').decode(new Uint8Array(file.buffer, file.byteOffset + at, length))];
  });
}
