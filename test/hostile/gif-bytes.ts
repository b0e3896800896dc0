const pixel = [2, 2, 0x4c, 1, 0];

/** A frame of one pixel at `left`, `top`. */
export function gifFrame(left = 0, top = 0): Buffer {
  const place = Buffer.from([0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0]);
  place.writeUInt16LE(left, 1);
  place.writeUInt16LE(top, 3);
  return Buffer.concat([place, Buffer.from(pixel)]);
}

/** A GIF of that logical screen and those blocks, with a trailer. */
export function gifBytes(width: number, height: number, blocks: readonly Uint8Array[]): Buffer<ArrayBuffer> {
  const screen = Buffer.from('GIF89a\0\0\0\0\x80\0\0\0\0\0\xff\xff\xff', 'latin1');
  screen.writeUInt16LE(width, 6);
  screen.writeUInt16LE(height, 8);
  return Buffer.concat([screen, ...blocks, Buffer.from([0x3b])]);
}
