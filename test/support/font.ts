/** Fonts of our own: every character is a black square of an em, which nobody can mistake for another font's. */

const unitsPerEm = 1000;
/** Corners of the square, in units: half an em above the line's middle and below. */
const square = { left: 50, bottom: -100, right: 950, top: 800 } as const;

const u16 = (...values: number[]): Buffer => {
  const bytes = Buffer.alloc(values.length * 2);
  values.forEach((value, index) => bytes.writeUInt16BE(value & 0xffff, index * 2));
  return bytes;
};
const u32 = (...values: number[]): Buffer => {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, index) => bytes.writeUInt32BE(value >>> 0, index * 4));
  return bytes;
};

const { left, bottom, right, top } = square;

/** One contour of four points on the curve; coordinates are words, each counted from the one before. */
const glyph = Buffer.concat([
  u16(1, left, bottom, right, top, 3, 0),
  Buffer.from([1, 1, 1, 1]),
  u16(left, 0, right - left, 0),
  u16(bottom, top - bottom, 0, bottom - top),
]);

/** Format 4: one range for each character, all leading to glyph 1. */
function characterMap(characters: readonly number[]): Buffer {
  const ends = [...characters, 0xffff];
  const log = Math.floor(Math.log2(ends.length));
  const search = 2 * 2 ** log;
  const deltas = [...characters.map((code) => 1 - code), 1];
  const body = Buffer.concat([
    u16(ends.length * 2, search, log, ends.length * 2 - search),
    u16(...ends, 0, ...ends),
    u16(...deltas, ...ends.map(() => 0)),
  ]);
  return Buffer.concat([u16(0, 1, 3, 1), u32(12), u16(4, body.length + 6, 0), body]);
}

function names(family: string): Buffer {
  const texts = ([1, 2, 4, 6] as const).map((kind) => ({
    kind,
    text: Buffer.from(kind === 2 ? 'Regular' : family, 'utf16le').swap16(),
  }));
  let at = 0;
  const records = texts.map(({ kind, text }) => {
    const record = u16(3, 1, 0x409, kind, text.length, at);
    at += text.length;
    return record;
  });
  return Buffer.concat([u16(0, texts.length, 6 + 12 * texts.length), ...records, ...texts.map(({ text }) => text)]);
}

/** A TrueType font (OpenType 1.9) of a family, with these characters of the Basic Multilingual Plane and no others. */
export function squareFont(family: string, characters: string): Uint8Array<ArrayBuffer> {
  const codes = [...new Set(Array.from(characters, (character) => character.codePointAt(0) ?? 0))].sort(
    (a, b) => a - b,
  );
  const tables: Readonly<Record<string, Buffer>> = {
    cmap: characterMap(codes),
    glyf: glyph,
    head: Buffer.concat([
      u32(0x10000, 0x10000, 0, 0x5f0f3cf5),
      u16(0, unitsPerEm),
      u32(0, 0, 0, 0),
      u16(left, bottom, right, top, 0, 8, 2, 1, 0),
    ]),
    hhea: Buffer.concat([u32(0x10000), u16(800, -200, 0, unitsPerEm, left, 50, right, 1, 0, 0, 0, 0, 0, 0, 0, 2)]),
    hmtx: u16(unitsPerEm, left, unitsPerEm, left),
    loca: u32(0, 0, glyph.length),
    maxp: Buffer.concat([u32(0x10000), u16(2, 4, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0)]),
    name: names(family),
    post: u32(0x30000, 0, 0, 0, 0, 0, 0, 0),
  };
  const tags = Object.keys(tables);
  let at = 12 + 16 * tags.length;
  const entries: Buffer[] = [];
  const bodies: Buffer[] = [];
  for (const tag of tags) {
    const table = tables[tag] ?? Buffer.alloc(0);
    const padded = Buffer.concat([table, Buffer.alloc(-table.length & 3)]);
    entries.push(Buffer.from(tag), u32(sumOf(padded), at, table.length));
    bodies.push(padded);
    at += padded.length;
  }
  return new Uint8Array(
    Buffer.concat([u32(0x10000), u16(tags.length, 128, 3, 16 * tags.length - 128), ...entries, ...bodies]),
  );
}

/** The sum of a table's words, as its entry tells it. */
function sumOf(table: Buffer): number {
  let sum = 0;
  for (let at = 0; at < table.length; at += 4) sum = (sum + table.readUInt32BE(at)) % 2 ** 32;
  return sum;
}
