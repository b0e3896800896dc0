/** Kinds of metadata in a file, as reported to clients. */
export type Removable = 'exif' | 'gps' | 'xmp' | 'iptc' | 'comment' | 'trailer' | 'other';

/** A file without metadata; the image data is unchanged. */
export interface Stripped {
  readonly pieces: readonly Uint8Array[];
  readonly removed: ReadonlySet<Removable>;
  /** Whether the image data is lossless, for formats that have both kinds. */
  readonly isLossless?: boolean;
}

const gpsDirectory = 0x8825;

/** Names of the contents of an EXIF block, with or without its `Exif\0\0`: `exif`, and `gps` if it has a location. */
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
    // The directory is truncated, so it has no more entries.
  }
  return ['exif'];
}
