export interface TiffParts {
  readonly width?: number;
  readonly height?: number;
  readonly compression?: number;
  readonly pages?: number;
  /** Where the last directory leads: 0 ends the chain. */
  readonly last?: number;
  readonly big?: boolean;
  /** Where the pixels of the last page are: 0 is in the file. */
  readonly lastPixels?: number;
  /** Four characters of a text without the zero it should end with, as GeoTIFF writers leave it. */
  readonly text?: string;
}

/** A grey TIFF of uncompressed pages that all show the same byte; other sides than 1 × 1 are only claimed. */
export function tiffBytes(parts: TiffParts = {}): Buffer<ArrayBuffer> {
  const { width = 1, height = 1, compression = 1, pages = 1, last = 0, big = false, lastPixels = 0, text } = parts;
  const entriesOf = (pixels: number): readonly Entry[] => [
    [256, width],
    [257, height],
    [258, 8],
    [259, compression],
    [262, 1],
    [273, pixels],
    [277, 1],
    [278, height],
    [279, 1],
    ...(text === undefined ? [] : [[34_737, text] as const]),
  ];
  const head = big
    ? Buffer.from('II+\0\x08\0\0\0\x10\0\0\0\0\0\0\0', 'latin1')
    : Buffer.from('II*\0\x08\0\0\0', 'latin1');
  const size = directory(entriesOf(0), 0, big).length;
  const directories = Array.from({ length: pages }, (_, page) =>
    page === pages - 1
      ? directory(entriesOf(lastPixels), last, big)
      : directory(entriesOf(0), head.length + size * (page + 1), big),
  );
  return Buffer.concat([head, ...directories]);
}

/** A tag and the number it holds, or a text of four characters. */
type Entry = readonly [tag: number, value: number | string];

function directory(entries: readonly Entry[], next: number, big: boolean): Buffer {
  const [count, entry, offset] = big ? [8, 20, 8] : [2, 12, 4];
  const bytes = Buffer.alloc(count + entry * entries.length + offset);
  bytes.writeUInt16LE(entries.length, 0);
  for (const [place, [tag, value]] of entries.entries()) {
    const at = count + entry * place;
    bytes.writeUInt16LE(tag, at);
    bytes.writeUInt16LE(typeof value === 'number' ? 4 : 2, at + 2);
    bytes.writeUInt32LE(typeof value === 'number' ? 1 : value.length, at + 4);
    if (typeof value === 'number') bytes.writeUInt32LE(value, at + 4 + offset);
    else bytes.write(value, at + 4 + offset, 'latin1');
  }
  bytes.writeUInt32LE(next, bytes.length - offset);
  return bytes;
}
