/** EXIF names of who made a picture and who owns it; what is not said is absent. */
export interface Attribution {
  readonly Artist?: string;
  readonly Copyright?: string;
}

const tags = { Artist: 0x013b, Copyright: 0x8298 } as const;

/** Longer is no name. */
const maxCharacters = 1000;

/**
 * Reads the two names out of an EXIF block (with or without its `Exif\0\0`); null where there is neither, or where it is
 * damaged. Only the first directory is looked at (EXIF 2.32, 4.6.4), and nothing but ASCII values (UTF-8 in practice).
 */
export function attributionIn(exif: Uint8Array): Attribution | null {
  const start = exif[0] === 0x45 && exif[1] === 0x78 ? 6 : 0;
  const block = new DataView(exif.buffer, exif.byteOffset + start, exif.byteLength - start);
  try {
    const found = { ...named('Artist', block), ...named('Copyright', block) };
    return Object.keys(found).length === 0 ? null : found;
  } catch {
    // An offset beyond the block: who wrote it cannot be trusted with the rest.
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

/** Without the closing zero and whatever is not to be printed. */
function plainText(bytes: Uint8Array): string {
  return new TextDecoder()
    .decode(bytes)
    .replaceAll(/[\p{Cc}\uFFFD]+/gu, ' ')
    .trim();
}
