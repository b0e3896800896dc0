/** EXIF artist and copyright of an image; absent if not given. */
export interface Attribution {
  readonly Artist?: string;
  readonly Copyright?: string;
}

const tags = { Artist: 0x013b, Copyright: 0x8298 } as const;

/** Longer values are cut. */
const maxCharacters = 1000;

/**
 * Reads artist and copyright from an EXIF block, with or without its `Exif\0\0`. Returns null if there are none or the
 * block is damaged. Reads only the first directory (EXIF 2.32, 4.6.4) and ASCII values (UTF-8 in practice).
 */
export function attributionIn(exif: Uint8Array): Attribution | null {
  const start = exif[0] === 0x45 && exif[1] === 0x78 ? 6 : 0;
  const block = new DataView(exif.buffer, exif.byteOffset + start, exif.byteLength - start);
  try {
    const found = { ...named('Artist', block), ...named('Copyright', block) };
    return Object.keys(found).length === 0 ? null : found;
  } catch {
    // An offset points beyond the block, so none of its values is trusted.
    return null;
  }
}

function named(name: keyof typeof tags, block: DataView): Attribution {
  const text = textOf(tags[name], block);
  return text === '' ? {} : { [name]: text };
}

function textOf(tag: number, block: DataView): string {
  const little = block.getUint16(0) === 0x4949;
  const first = block.getUint32(4, little);
  const entries = block.getUint16(first, little);
  for (let index = 0; index < entries; index++) {
    const entry = first + 2 + index * 12;
    if (block.getUint16(entry, little) !== tag || block.getUint16(entry + 2, little) !== 2) continue;
    const length = block.getUint32(entry + 4, little);
    const at = length <= 4 ? entry + 8 : block.getUint32(entry + 8, little);
    return plainText(new Uint8Array(block.buffer, block.byteOffset + at, Math.min(length, maxCharacters)));
  }
  return '';
}

/** Decodes text without its terminating zero and without control characters. */
function plainText(bytes: Uint8Array): string {
  return new TextDecoder()
    .decode(bytes)
    .replaceAll(/[\p{Cc}\uFFFD]+/gu, ' ')
    .trim();
}
