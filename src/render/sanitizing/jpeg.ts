import { namesOfExif, type Removable, type Stripped } from './stripped.ts';

const marker = { start: 0xd8, end: 0xd9, scan: 0xda, app0: 0xe0, app15: 0xef, comment: 0xfe } as const;

/** Segments to keep (ITU-T T.81 B.1.1.3): JFIF, colour profile, Adobe's colour transform. Others are dropped. */
const keptHeads: Readonly<Record<number, string>> = { 0xe0: 'JFIF\0', 0xe2: 'ICC_PROFILE\0', 0xee: 'Adobe' };

/** Drops APP and COM segments, and bytes after the end. */
export function stripJpeg(file: Buffer): Stripped {
  const pieces: Uint8Array[] = [file.subarray(0, 2)];
  const removed = new Set<Removable>();
  let at = 2;
  for (;;) {
    const next = nextMarker(file, at);
    // A validated file may lack an end marker; it is added.
    if (next === null) return { pieces: [...pieces, file.subarray(at), Buffer.from([0xff, marker.end])], removed };
    if (next > at) pieces.push(file.subarray(at, next));
    const code = file[next + 1] ?? marker.end;
    if (code === marker.end) {
      if (next + 2 < file.length) removed.add('trailer');
      return { pieces: [...pieces, file.subarray(next, next + 2)], removed };
    }
    const end = Math.min(file.length, next + 2 + lengthAt(file, next));
    const names = namesOf(code, file.subarray(next + 4, end));
    for (const name of names ?? []) removed.add(name);
    if (names === null) pieces.push(...withoutThumbnail(file.subarray(next, end), removed));
    at = end;
  }
}

/**
 * Offset of the next marker that has a segment or is the end; null at the end of the file. Skips data, restarts and
 * fill bytes.
 */
function nextMarker(file: Buffer, from: number): number | null {
  for (let at = file.indexOf(0xff, from); at !== -1 && at + 1 < file.length; at = file.indexOf(0xff, at + 1)) {
    const code = file[at + 1] ?? 0;
    const isAlone = code === 0 || code === 0xff || code === 1 || (code >= 0xd0 && code <= marker.start);
    if (!isAlone) return at;
  }
  return null;
}

function lengthAt(file: Buffer, at: number): number {
  return at + 4 <= file.length ? file.readUInt16BE(at + 2) : 2;
}

/** Names of a segment's metadata, or null if it is kept. */
function namesOf(code: number, data: Buffer): readonly Removable[] | null {
  if (code === marker.comment) return ['comment'];
  if (code < marker.app0 || code > marker.app15) return null;
  const head = data.toString('latin1', 0, 32);
  const kept = keptHeads[code];
  if (kept !== undefined && head.startsWith(kept)) return null;
  if (head.startsWith('Exif\0')) return namesOfExif(data);
  if (head.startsWith('http://ns.adobe.com/x')) return ['xmp'];
  return [head.startsWith('Photoshop 3.0') ? 'iptc' : 'other'];
}

/** Bytes of a JFIF segment without thumbnail (ITU-T T.871, 10.1). */
const jfifLength = 18;

function withoutThumbnail(segment: Buffer, removed: Set<Removable>): readonly Buffer[] {
  if (segment[1] !== marker.app0 || segment.length <= jfifLength) return [segment];
  removed.add('other');
  const bytes = Buffer.from(segment.subarray(0, jfifLength));
  bytes.writeUInt16BE(jfifLength - 2, 2);
  bytes.writeUInt16BE(0, jfifLength - 2);
  return [bytes];
}
