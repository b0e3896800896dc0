/** EXIF of one tag, the orientation, and a directory behind it: 0 for none, 8 for itself. */
export function exifBytes(orientation: number, next = 0): Buffer {
  const bytes = Buffer.alloc(26);
  bytes.write('MM\0*', 0, 'latin1');
  bytes.writeUInt32BE(8, 4);
  bytes.writeUInt16BE(1, 8);
  bytes.writeUInt16BE(0x0112, 10);
  bytes.writeUInt16BE(3, 12);
  bytes.writeUInt32BE(1, 14);
  bytes.writeUInt16BE(orientation, 18);
  bytes.writeUInt32BE(next, 22);
  return bytes;
}

/** The same as a JPEG's APP1 holds it. */
export function app1(orientation: number, next = 0): Buffer {
  return Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), exifBytes(orientation, next)]);
}
