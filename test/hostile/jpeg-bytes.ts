/** A segment of a JPEG: marker, length, data. */
export function jpegSegment(code: number, data: Uint8Array | readonly number[]): Buffer {
  const head = Buffer.from([0xff, code, 0, 0]);
  head.writeUInt16BE(data.length + 2, 2);
  return Buffer.concat([head, Buffer.from(data)]);
}

/** The bits of a scan, filled up with ones; 0xFF is escaped. */
function entropy(bits: string): Buffer {
  const whole = bits.padEnd(Math.ceil(bits.length / 8) * 8, '1');
  const bytes = (whole.match(/.{8}/g) ?? []).map((octet) => Number.parseInt(octet, 2));
  return Buffer.from(bytes.flatMap((byte) => (byte === 0xff ? [0xff, 0] : [byte])));
}

/** One band with nothing in it: runs of empty blocks, code `0`, 14 bits more; and single ones, code `10`. */
function emptyBand(blocks: number): Buffer {
  let bits = '';
  for (let left = blocks; left > 0; ) {
    const run = Math.min(left, 32_767);
    bits += run >= 16_384 ? `0${(run - 16_384).toString(2).padStart(14, '0')}` : '10';
    left -= run >= 16_384 ? run : 1;
  }
  return entropy(bits);
}

/** All refinements of all AC coefficients, one by one: legal progressions, as many as a decoder will follow. */
function* bands(): Generator<readonly number[]> {
  for (let low = 13; low >= 0; low--) {
    for (let coefficient = 1; coefficient < 64; coefficient++) {
      yield [1, 1, 0, coefficient, coefficient, ((low === 13 ? 0 : low + 1) << 4) | low];
    }
  }
}

/** A grey progressive JPEG of up to 883 legal scans (T.81 G): every one costs a pass over the whole picture. */
export function jpegOfScans(width: number, height: number, scans: number): Buffer<ArrayBuffer> {
  const blocks = Math.ceil(width / 8) * Math.ceil(height / 8);
  const frame = Buffer.from([8, 0, 0, 0, 0, 1, 1, 0x11, 0]);
  frame.writeUInt16BE(height, 1);
  frame.writeUInt16BE(width, 3);
  const ones = (count: number) => [1, ...Array.from({ length: count }, () => 0)];
  const parts = [
    Buffer.from([0xff, 0xd8]),
    jpegSegment(0xdb, [0, ...Array.from({ length: 64 }, () => 1)]),
    jpegSegment(0xc2, frame),
    jpegSegment(0xc4, [0, ...ones(15), 0]),
    jpegSegment(0xc4, [0x10, 1, ...ones(14), 0xe0, 0]),
    jpegSegment(0xda, [1, 1, 0, 0, 0, 0]),
    entropy('0'.repeat(blocks)),
  ];
  const band = emptyBand(blocks);
  for (const header of [...bands()].slice(0, scans - 1)) parts.push(jpegSegment(0xda, header), band);
  return Buffer.concat([...parts, Buffer.from([0xff, 0xd9])]);
}

/** The same JPEG with a segment right behind its start. */
export function withSegment(jpeg: Uint8Array, code: number, data: Uint8Array): Buffer<ArrayBuffer> {
  return Buffer.concat([jpeg.subarray(0, 2), jpegSegment(code, data), jpeg.subarray(2)]);
}

/** The same JPEG claiming other sides in its frame header. */
export function withSides(jpeg: Uint8Array, width: number, height: number): Buffer<ArrayBuffer> {
  const bytes = Buffer.from(jpeg);
  let at = 2;
  while (![0xc0, 0xc1, 0xc2].includes(bytes.readUInt8(at + 1))) at += 2 + bytes.readUInt16BE(at + 2);
  bytes.writeUInt16BE(height, at + 5);
  bytes.writeUInt16BE(width, at + 7);
  return bytes;
}

/** The same JPEG with bytes of no meaning between its first segment and the next, as some cameras write it. */
export function withPadding(jpeg: Buffer): Buffer<ArrayBuffer> {
  const next = 4 + jpeg.readUInt16BE(4);
  return Buffer.concat([jpeg.subarray(0, next), Buffer.from('padding'), jpeg.subarray(next)]);
}
