import { describe, expect, it } from 'vitest';
import { FileBytes } from '../../../../src/render/validation/file-bytes.ts';
import { walkGif } from '../../../../src/render/validation/gif-blocks.ts';
import { checkScans } from '../../../../src/render/validation/jpeg-scans.ts';
import { walkPng } from '../../../../src/render/validation/png-chunks.ts';
import { walkTiff } from '../../../../src/render/validation/tiff-directories.ts';
import { walkWebp } from '../../../../src/render/validation/webp-chunks.ts';
import { gifBytes, gifFrame } from '../../../hostile/gif-bytes.ts';
import { jpegOfScans, jpegSegment, withSegment } from '../../../hostile/jpeg-bytes.ts';
import { pngBytes, pngChunk } from '../../../hostile/png-bytes.ts';
import { tiffBytes } from '../../../hostile/tiff-bytes.ts';
import { inFile } from '../../../hostile/validation.ts';
import { animatedWebp, losslessWebp } from '../../../hostile/webp-bytes.ts';
import { fixtureBytes } from '../../../support/photo.ts';

function walk<T>(bytes: Uint8Array, walker: (file: FileBytes) => T): Promise<Awaited<T>> {
  return inFile(bytes, (path) => {
    const file = new FileBytes(path);
    try {
      return walker(file);
    } finally {
      file.close();
    }
  });
}

describe('A file read here and there', () => {
  const bytes = Buffer.from(Array.from({ length: 200_000 }, (_, at) => (at * 31) % 251));

  it('gives the bytes of any place in any order, and fewer at its end', async () => {
    const places = [
      [0, 8],
      [65_530, 20],
      [10, 100_000],
      [199_990, 100],
      [200_000, 1],
      [300_000, 5],
      [3, 0],
    ] as const;
    await walk(bytes, (file) => {
      for (const [offset, length] of places) {
        expect([...file.at(offset, length)]).toEqual([...bytes.subarray(offset, offset + length)]);
      }
    });
  });
});

describe('A GIF tells its size and frames without being decoded', () => {
  const comment = Buffer.from('\x21\xfe\x05hello\x03you\0', 'latin1');
  it.each([
    ['one frame', gifBytes(7, 5, [gifFrame()]), { width: 7, height: 5, frames: 1 }],
    ['a comment between frames', gifBytes(7, 5, [gifFrame(), comment, gifFrame()]), { width: 7, height: 5, frames: 2 }],
    ['a zero too many', gifBytes(7, 5, [gifFrame(), Buffer.from([0]), gifFrame()]), { width: 7, height: 5, frames: 2 }],
    ['a frame over the edges', gifBytes(7, 5, [gifFrame(10, 20)]), { width: 11, height: 21, frames: 1 }],
    ['a screen of none', gifBytes(0, 0, [gifFrame()]), { width: 1, height: 1, frames: 1 }],
    ['no frame', gifBytes(7, 5, []), { width: 7, height: 5, frames: 0 }],
    ['our own fixture', fixtureBytes('still.gif'), { width: 240, height: 160, frames: 1 }],
  ])('%s', async (_, bytes, header) => {
    expect(await walk(bytes, (file) => walkGif(file, 100))).toEqual(header);
  });

  it('stops counting one frame behind the limit', async () => {
    const bytes = gifBytes(
      1,
      1,
      Array.from({ length: 50 }, () => gifFrame()),
    );
    expect(await walk(bytes, (file) => walkGif(file, 10))).toMatchObject({ frames: 11 });
  });

  it('has to end with its trailer', async () => {
    const bytes = gifBytes(1, 1, [gifFrame()]);
    const ends: readonly number[] = Array.from({ length: bytes.length }, (_, length) => length);
    for (const length of ends) {
      await expect(walk(bytes.subarray(0, length), (file) => walkGif(file, 10))).rejects.toThrow(
        'Expected a whole gif',
      );
    }
  });
});

describe('A WebP', () => {
  it('tells canvas and frames when it moves, and nothing when it does not', async () => {
    const moving = await walk(animatedWebp(70, 50, 3), (file) => walkWebp(file, 100));
    expect(moving).toEqual({ width: 70, height: 50, pages: 3 });
    expect(await walk(losslessWebp(9, 9), (file) => walkWebp(file, 100))).toBeNull();
    expect(await walk(fixtureBytes('still.webp'), (file) => walkWebp(file, 100))).toBeNull();
  });

  it('is refused when it says it is longer than it is', async () => {
    const bytes = animatedWebp(70, 50, 3).subarray(0, -1);
    await expect(walk(bytes, (file) => walkWebp(file, 100))).rejects.toThrow('before the size it states');
  });
});

describe('A TIFF tells the sides of all its pages', () => {
  it.each([false, true])('in either layout (big: %s)', async (big) => {
    const bytes = tiffBytes({ width: 300, height: 70_000, pages: 3, big });
    expect(await walk(bytes, (file) => walkTiff(file, 10))).toEqual(
      [0, 1, 2].map(() => ({ width: 300, height: 70_000 })),
    );
  });

  it('in either order of bytes, and for sides of 16 bits', async () => {
    const entry = (tag: number, value: number) =>
      [0, tag >> 8, tag & 255, 0, 3, 0, 0, 0, 1, value >> 8, value & 255, 0, 0].slice(1);
    const bytes = Buffer.from([
      0x4d,
      0x4d,
      0,
      42,
      0,
      0,
      0,
      8,
      0,
      2,
      ...entry(256, 300),
      ...entry(257, 200),
      0,
      0,
      0,
      0,
    ]);
    expect(await walk(bytes, (file) => walkTiff(file, 10))).toEqual([{ width: 300, height: 200 }]);
  });

  it('but no more than one behind the limit', async () => {
    expect(await walk(tiffBytes({ pages: 500 }), (file) => walkTiff(file, 10))).toHaveLength(11);
  });

  it('and never follows a chain in a circle or out of the file', async () => {
    const walkAll = (file: FileBytes) => walkTiff(file, 1e9);
    await expect(walk(tiffBytes({ pages: 3, last: 8 }), walkAll)).rejects.toThrow('run in a circle');
    await expect(walk(tiffBytes({ last: 1e9 }), walkAll)).rejects.toThrow('Expected a whole tiff');
    await expect(walk(tiffBytes({ last: 0xff_ff_ff_ff, big: true }), walkAll)).rejects.toThrow('Expected a whole tiff');
  });
});

describe('A PNG', () => {
  it('tells its sides', async () => {
    expect(await walk(pngBytes({ width: 70_000, height: 3 }), walkPng)).toEqual({ width: 70_000, height: 3 });
  });

  it('may hold its pixels in many pieces, but not in endless ones', async () => {
    const pieces = (count: number) => pngBytes({ after: Array.from({ length: count }, () => pngChunk('IDAT')) });
    expect(await walk(pieces(20_000), walkPng)).toEqual({ width: 8, height: 8 });
    await expect(walk(pieces(70_000), walkPng)).rejects.toThrow('Expected at most');
  });
});

describe('A JPEG', () => {
  it('may have 100 scans', async () => {
    await expect(walk(jpegOfScans(16, 16, 100), checkScans)).resolves.toBeUndefined();
    await expect(walk(jpegOfScans(16, 16, 101), checkScans)).rejects.toThrow('Expected at most 100 scans');
  });

  it('may speak of scans in its metadata and behind its end as often as it likes', async () => {
    const marks = Buffer.from(Array.from({ length: 500 }, () => [0xff, 0xda]).flat());
    await expect(walk(withSegment(fixtureBytes('scene.jpg'), 0xfe, marks), checkScans)).resolves.toBeUndefined();
    const trailer = [Buffer.from([0, 2]), ...Array.from({ length: 500 }, () => jpegSegment(0xda, []))];
    const behind = Buffer.concat([fixtureBytes('scene.jpg'), ...trailer]);
    await expect(walk(behind, checkScans)).resolves.toBeUndefined();
  });

  it('may fill up between markers', async () => {
    const [start, filling, rest] = [
      Buffer.from([0xff, 0xd8]),
      Buffer.alloc(10_000, 0xff),
      jpegOfScans(16, 16, 101).subarray(2),
    ];
    await expect(walk(Buffer.concat([start, filling, rest]), checkScans)).rejects.toThrow('Expected at most 100 scans');
  });

  it.each([0, 1, 2, 3, 5, 20, 300])('cut at %i bytes is left to its decoder', async (length) => {
    await expect(walk(jpegOfScans(64, 64, 10).subarray(0, length), checkScans)).resolves.toBeUndefined();
  });
});
