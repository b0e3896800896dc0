export interface TiffParts {
  readonly width?: number;
  readonly height?: number;
  readonly compression?: number;
  readonly pages?: number;
  /** Where the last directory leads: 0 ends the chain. */
  readonly last?: number;
  readonly big?: boolean;
}

/** A grey TIFF of uncompressed pages that all show the same byte; other sides than 1 × 1 are only claimed. */
export function tiffBytes(parts: TiffParts = {}): Buffer<ArrayBuffer> {
  const { width = 1, height = 1, compression = 1, pages = 1, last = 0, big = false } = parts;
  const entries: readonly (readonly [tag: number, value: number])[] = [
    [256, width],
    [257, height],
    [258, 8],
    [259, compression],
    [262, 1],
    [273, 0],
    [277, 1],
    [278, height],
    [279, 1],
  ];
  const head = big
    ? Buffer.from('II+\0\x08\0\0\0\x10\0\0\0\0\0\0\0', 'latin1')
    : Buffer.from('II*\0\x08\0\0\0', 'latin1');
  const length = big ? 8 + 20 * entries.length + 8 : 2 + 12 * entries.length + 4;
  const directories = Array.from({ length: pages }, (_, page) =>
    directory(entries, page === pages - 1 ? last : head.length + length * (page + 1), big),
  );
  return Buffer.concat([head, ...directories]);
}

function directory(entries: readonly (readonly [number, number])[], next: number, big: boolean): Buffer {
  const [count, entry, offset] = big ? [8, 20, 8] : [2, 12, 4];
  const bytes = Buffer.alloc(count + entry * entries.length + offset);
  bytes.writeUInt16LE(entries.length, 0);
  entries.forEach(([tag, value], place) => {
    const at = count + entry * place;
    bytes.writeUInt16LE(tag, at);
    bytes.writeUInt16LE(4, at + 2);
    bytes.writeUInt32LE(1, at + 4);
    bytes.writeUInt32LE(value, at + 4 + offset);
  });
  bytes.writeUInt32LE(next, bytes.length - offset);
  return bytes;
}
