export function webpChunk(name: string, data: Uint8Array): Buffer {
  const head = Buffer.from(`${name}\0\0\0\0`, 'latin1');
  head.writeUInt32LE(data.length, 4);
  return Buffer.concat([head, data, Buffer.alloc(data.length % 2)]);
}

export function webpBytes(chunks: readonly Uint8Array[]): Buffer<ArrayBuffer> {
  return Buffer.concat([webpChunk('RIFF', Buffer.concat([Buffer.from('WEBP'), ...chunks]))]);
}

/** A lossless still in 34 bytes; decoders draw it in one colour, whatever its sides. */
export function losslessWebp(width: number, height: number): Buffer<ArrayBuffer> {
  const data = Buffer.alloc(14);
  data[0] = 0x2f;
  data.writeUInt32LE(((height - 1) * 2 ** 14 + (width - 1)) % 2 ** 28, 1);
  return webpBytes([webpChunk('VP8L', data)]);
}

/** An animation that claims that canvas and that many frames of nothing. */
export function animatedWebp(width: number, height: number, frames: number): Buffer<ArrayBuffer> {
  const canvas = Buffer.alloc(10);
  canvas[0] = 2;
  canvas.writeUIntLE(width - 1, 4, 3);
  canvas.writeUIntLE(height - 1, 7, 3);
  const frame = webpChunk('ANMF', Buffer.alloc(16));
  return webpBytes([
    webpChunk('VP8X', canvas),
    webpChunk('ANIM', Buffer.alloc(6)),
    ...Array.from({ length: frames }, () => frame),
  ]);
}
