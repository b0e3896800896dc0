import { createHash } from 'node:crypto';
import sharp from 'sharp';

/**
 * The least that could make variants: sharp in a loop, without a server, and with the settings that Tintype's renderer
 * has. A child process that answers every `Order` it is sent with a `Receipt`.
 */

export interface Rendering {
  /** A JPEG on disk, upright. */
  readonly path: string;
  readonly width: number;
  readonly height: number;
  /** WebP quality, 1 to 100. */
  readonly quality: number;
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
}

sharp.cache(false);
sharp.concurrency(1);

function render({ path, width, height, quality }: Rendering): Promise<Buffer> {
  return sharp(path, { failOn: 'error', limitInputPixels: false, sequentialRead: true })
    .resize(width, height, { fit: 'fill', kernel: 'lanczos3', fastShrinkOnLoad: false })
    .webp({ quality, effort: 4 })
    .toBuffer();
}

async function fill({ renderings, concurrency }: Order): Promise<Receipt> {
  const begun = performance.now();
  const rest = renderings.entries();
  let first = '';
  // Takes from what the others take from, too.
  const work = async () => {
    for (const [index, rendering] of rest) {
      const bytes = await render(rendering);
      if (index === 0) first = createHash('sha256').update(bytes).digest('hex');
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  return { seconds: (performance.now() - begun) / 1000, first };
}

process.on('message', (order: Order) => {
  void fill(order).then((receipt) => process.send?.(receipt));
});
