import { createHash } from 'node:crypto';
import sharp, { type Sharp } from 'sharp';
import type { Encoding } from '../src/formats/format.ts';

/**
 * The least that could make variants: sharp in a loop, without a server, and with one thread a picture like Tintype's
 * renderer (`BENCH_THREADS`: with so many). A child process that answers every `Order` it is sent with a `Receipt`.
 */

/** How JPEG and WebP are shrunk while they are decoded: as sharp does it unless told otherwise, leaving a factor of two to Lanczos, or not. */
export type Shrinking = 'usual' | 'careful' | 'none';

export interface Rendering {
  /** A picture on disk, upright. */
  readonly path: string;
  /** Of the picture on disk. */
  readonly from: { readonly width: number; readonly height: number };
  readonly width: number;
  readonly height: number;
  readonly encoding: Encoding;
  readonly shrinking: Shrinking;
}

export interface Order {
  readonly renderings: readonly Rendering[];
  /** Renders at once. */
  readonly concurrency: number;
}

export interface Receipt {
  readonly seconds: number;
  /** Hex SHA-256 of the first rendering. */
  readonly first: string;
  /** Of each rendering. */
  readonly bytes: readonly number[];
}

sharp.cache(false);
sharp.concurrency(Number(process.env['BENCH_THREADS'] ?? 1));

function scaled({ path, from, width, height, shrinking }: Rendering): Sharp {
  const image = sharp(path, { failOn: 'error', limitInputPixels: false, sequentialRead: true });
  const whole = shrinking === 'none' ? image.extract({ left: 0, top: 0, ...from }) : image;
  return whole.resize(width, height, { fit: 'fill', kernel: 'lanczos3', fastShrinkOnLoad: shrinking === 'usual' });
}

function render(rendering: Rendering): Promise<Buffer> {
  const { encoding } = rendering;
  switch (encoding.encoder) {
    case 'jpeg':
      return scaled(rendering).jpeg(encoding.options).toBuffer();
    case 'webp':
      return scaled(rendering).webp(encoding.options).toBuffer();
    case 'avif':
      return scaled(rendering).avif(encoding.options).toBuffer();
    default:
      throw new Error(`Expected an encoder of photos but received ${encoding.encoder}`);
  }
}

async function fill({ renderings, concurrency }: Order): Promise<Receipt> {
  const begun = performance.now();
  const rest = renderings.entries();
  const bytes = renderings.map(() => 0);
  let first = '';
  // Takes from what the others take from, too.
  const work = async () => {
    for (const [index, rendering] of rest) {
      const made = await render(rendering);
      bytes[index] = made.byteLength;
      if (index === 0) first = createHash('sha256').update(made).digest('hex');
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  return { seconds: (performance.now() - begun) / 1000, first, bytes };
}

process.on('message', (order: Order) => {
  void fill(order).then((receipt) => process.send?.(receipt));
});
