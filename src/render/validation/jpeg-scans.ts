import type { FileBytes } from './file-bytes.ts';
import { refused } from './refusal.ts';

/**
 * Encoders write at most a dozen scans; the format allows thousands, each a pass over the whole picture: 2.8 MB of
 * 883 scans at 49 megapixels cost 13 s, 100 of them 0.9 s (libvips 8.18.7 knows no limit).
 */
const maxScans = 100;

const marker = { restart: 0xd0, start: 0xd8, end: 0xd9, scan: 0xda, temporary: 0x01 } as const;

/** Refuses a progressive JPEG that would be decoded over and over. Walks markers (T.81 B.1.1), decodes nothing. */
export function checkScans(file: FileBytes): void {
  let scans = 0;
  for (let at = nextMarker(file, 0); at !== null; at = nextMarker(file, at)) {
    const code = file.at(at - 1, 1)[0] ?? marker.end;
    if (code === marker.end) return;
    if (code === marker.scan) scans += 1;
    if (scans > maxScans) throw refused(`Expected at most ${maxScans} scans in a jpg but it has more`);
    at += payload(file, at, code);
  }
}

/** The offset behind the next marker, which is 0xFF and a byte that is neither 0 (data) nor 0xFF (filling). */
function nextMarker(file: FileBytes, from: number): number | null {
  let at = from;
  for (;;) {
    const bytes = file.at(at, 4096);
    const found = bytes.indexOf(0xff);
    const code = bytes[found + 1];
    if (found >= 0 && code !== undefined) {
      if (code !== 0 && code !== 0xff) return at + found + 2;
      at += found + (code === 0 ? 2 : 1);
    } else {
      if (at + bytes.length >= file.size) return null;
      at += found >= 0 ? found : bytes.length;
    }
  }
}

/** Bytes of the segment behind a marker, its two bytes of length included; none behind those that stand alone. */
function payload(file: FileBytes, at: number, code: number): number {
  const standsAlone = code === marker.temporary || (code >= marker.restart && code <= marker.start);
  const length = file.at(at, 2);
  return standsAlone || length.length < 2 ? 0 : length.readUInt16BE(0);
}
