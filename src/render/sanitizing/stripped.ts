/** What may stand in a file beside its picture, as clients are told of it. */
export type Removable = 'exif' | 'gps' | 'xmp' | 'iptc' | 'comment' | 'trailer' | 'other';

/** A file without what its picture does not need, every byte of the picture as it was. */
export interface Stripped {
  readonly pieces: readonly Uint8Array[];
  readonly removed: ReadonlySet<Removable>;
  /** Where its format has both kinds: what is made of it should lose as little. */
  readonly isLossless?: boolean;
}

const gpsDirectory = 0x8825;

/** What an EXIF block (with or without its `Exif\0\0`) is called by: where it was taken is worth a word of its own. */
export function namesOfExif(exif: Uint8Array): readonly Removable[] {
  const start = exif[0] === 0x45 && exif[1] === 0x78 ? 6 : 0;
  const block = new DataView(exif.buffer, exif.byteOffset + start, exif.byteLength - start);
  try {
    const little = block.getUint16(0) === 0x4949;
    const first = block.getUint32(4, little);
    const entries = block.getUint16(first, little);
    for (let index = 0; index < entries; index++) {
      if (block.getUint16(first + 2 + index * 12, little) === gpsDirectory) return ['exif', 'gps'];
    }
  } catch {
    // A directory that ends early says nothing more.
  }
  return ['exif'];
}
