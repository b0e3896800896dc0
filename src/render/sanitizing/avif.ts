import { namesOfExif, type Removable, type Stripped } from './stripped.ts';

/** A box of ISO/IEC 14496-12, 4.2: start of the box, start of its content, end. */
interface Box {
  readonly type: string;
  readonly start: number;
  readonly from: number;
  readonly to: number;
}

/** An item of a HEIF file (ISO/IEC 23008-12): its entry in `iinf`, and the offset of its type. */
interface Item {
  readonly id: number;
  readonly type: string;
  readonly typeAt: number;
}

/** Type of emptied items and boxes (ISO/IEC 14496-12, 8.1.2). */
const emptied = 'free';

type Extent = readonly [from: number, to: number];

/** Types of items that are displayed: images and their composition; and items emptied before. */
const shown = new Set(['av01', 'grid', 'iovl', 'iden', 'tmap', emptied]);
/** Properties with text or times (ISO/IEC 23008-12, 6.5). */
const words = new Set(['udes', 'altt', 'crtt', 'mdft', 'uuid']);

/**
 * Empties items that are not displayed (EXIF, XMP, thumbnails) and their types in place, so that all offsets stay
 * valid. Returns null if the layout of the file is not supported.
 */
export function stripAvif(file: Buffer): Stripped | null {
  const top = boxesIn(file, 0, file.length);
  const meta = top.find(({ type }) => type === 'meta');
  if (meta === undefined || top.some(({ type }) => type === 'moov')) return null;
  const parts = boxesIn(file, meta.from + 4, meta.to);
  const items = itemsIn(file, parts);
  const extents = extentsIn(file, parts);
  if (items === null || extents === null) return null;

  const bytes = Buffer.from(file);
  const removed = new Set<Removable>();
  const thumbnails = thumbnailsIn(file, parts);
  for (const { id, type, typeAt } of items) {
    if (shown.has(type) && !thumbnails.has(id)) continue;
    const places = extents.get(id) ?? [];
    for (const name of namesOf(type, Buffer.concat(places.map(([from, to]) => file.subarray(from, to)))))
      removed.add(name);
    for (const [from, to] of places) bytes.fill(0, from, to);
    bytes.write(emptied, typeAt, 'latin1');
  }
  const beside = top.filter(({ type }) => !['ftyp', 'meta', 'mdat', 'free', 'skip'].includes(type));
  for (const box of [...beside, ...propertiesIn(file, parts).filter(({ type }) => words.has(type))]) {
    removed.add('other');
    bytes.write(emptied, box.start + 4, 'latin1');
    bytes.fill(0, box.from, box.to);
  }
  return { pieces: [bytes], removed };
}

function namesOf(type: string, data: Buffer): readonly Removable[] {
  // The EXIF block is preceded by its offset (ISO/IEC 23008-12, A.2.1).
  if (type === 'Exif') return namesOfExif(data.subarray(4 + (data.length < 4 ? 0 : data.readUInt32BE(0))));
  return [data.includes('<x:xmpmeta') || data.includes('<rdf:RDF') ? 'xmp' : 'other'];
}

/** Boxes between two offsets, up to the first one that exceeds them. */
function boxesIn(file: Buffer, from: number, to: number): readonly Box[] {
  const boxes: Box[] = [];
  for (let start = from; start + 8 <= to; ) {
    const short = file.readUInt32BE(start);
    const head = short === 1 ? 16 : 8;
    if (start + head > to) break;
    const length = short === 1 ? Number(file.readBigUInt64BE(start + 8)) : short === 0 ? to - start : short;
    if (length < head || start + length > to) break;
    boxes.push({ type: file.toString('latin1', start + 4, start + 8), start, from: start + head, to: start + length });
    start += length;
  }
  return boxes;
}

function itemsIn(file: Buffer, parts: readonly Box[]): readonly Item[] | null {
  const table = parts.find(({ type }) => type === 'iinf');
  if (table === undefined) return null;
  const entries = boxesIn(file, table.from + (file[table.from] === 0 ? 6 : 8), table.to);
  const items = entries.map(({ from, to }) => {
    const version = file[from] ?? 0;
    const wide = version === 3 ? 4 : 2;
    const typeAt = from + 4 + wide + 2;
    if (version < 2 || typeAt + 4 > to) return null;
    return { id: file.readUIntBE(from + 4, wide), typeAt, type: file.toString('latin1', typeAt, typeAt + 4) };
  });
  return items.every((item) => item !== null) ? items : null;
}

function propertiesIn(file: Buffer, parts: readonly Box[]): readonly Box[] {
  const inside = (boxes: readonly Box[], wanted: string) =>
    boxes.filter(({ type }) => type === wanted).flatMap(({ from, to }) => boxesIn(file, from, to));
  return inside(inside(parts, 'iprp'), 'ipco');
}

/** Ids of items that are thumbnails of others. */
function thumbnailsIn(file: Buffer, parts: readonly Box[]): ReadonlySet<number> {
  const references = parts.find(({ type }) => type === 'iref');
  if (references === undefined) return new Set();
  const wide = file[references.from] === 0 ? 2 : 4;
  const found = boxesIn(file, references.from + 4, references.to).filter(
    ({ type, from, to }) => type === 'thmb' && from + wide <= to,
  );
  return new Set(found.map(({ from }) => file.readUIntBE(from, wide)));
}

/** Byte ranges of every item (`iloc`); null if some are in other items or files. */
function extentsIn(file: Buffer, parts: readonly Box[]): ReadonlyMap<number, readonly Extent[]> | null {
  const table = parts.find(({ type }) => type === 'iloc');
  if (table === undefined) return null;
  const inMeta = parts.find(({ type }) => type === 'idat');
  let at = table.from;
  const next = (length: number): number => {
    at += length;
    return at > table.to
      ? Number.NaN
      : length === 0
        ? 0
        : length === 8
          ? Number(file.readBigUInt64BE(at - 8))
          : file.readUIntBE(at - length, length);
  };
  const version = next(1);
  next(3);
  const sizes = next(2);
  const [offset, length, base] = [sizes >> 12, (sizes >> 8) & 15, (sizes >> 4) & 15];
  const index = version === 0 ? 0 : sizes & 15;
  const found = new Map<number, readonly Extent[]>();
  for (let left = next(version < 2 ? 2 : 4); left > 0; left--) {
    const id = next(version < 2 ? 2 : 4);
    const method = version === 0 ? 0 : next(2) & 15;
    const elsewhere = next(2);
    const start = next(base) + (method === 1 ? (inMeta?.from ?? Number.NaN) : 0);
    const places: Extent[] = [];
    for (let more = next(2); more > 0; more--) {
      next(index);
      const from = start + next(offset);
      const to = from + next(length);
      if (!(from < to && to <= file.length)) return null;
      places.push([from, to]);
    }
    if (method > 1 || elsewhere !== 0 || !Number.isInteger(id)) return null;
    found.set(id, places);
  }
  return found;
}
