import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { Budget } from '../../src/library/budget.ts';
import { Epoch } from '../../src/library/epoch.ts';
import { Ingest } from '../../src/library/ingest.ts';
import { Integrity } from '../../src/library/integrity.ts';
import { Library } from '../../src/library/library.ts';
import { MemoryTier } from '../../src/library/memory-tier.ts';
import { Originals, type Published } from '../../src/library/originals.ts';
import { Retention } from '../../src/library/retention.ts';
import { Saver } from '../../src/library/saver.ts';
import { StatsBoard } from '../../src/library/stats.ts';
import { Sweep } from '../../src/library/sweep.ts';
import { UploadPermits } from '../../src/library/upload-permits.ts';
import { VariantCap } from '../../src/library/variant-cap.ts';
import { VariantSpace } from '../../src/library/variant-space.ts';
import { type Obtained, Variants } from '../../src/library/variants.ts';
import { Gate } from '../../src/render/gate.ts';
import { startRenderer } from '../../src/render/index.ts';
import type { Renderer } from '../../src/render/renderer.ts';
import type { BlobStore } from '../../src/store/blob-store.ts';
import { parseTransform } from '../../src/transform/grammar.ts';
import { splitImagePath } from '../../src/transform/image-path.ts';
import { resolveTransform } from '../../src/transform/resolve.ts';

/** The library on a store of the test's choice, with real rendering processes and without HTTP. */
export interface Shelves {
  readonly originals: Originals;
  readonly library: Library;
  readonly variants: Variants;
  readonly saver: Saver;
  readonly epoch: Epoch;
  readonly sweep: Sweep;
  readonly stats: StatsBoard;
  readonly reports: readonly string[];
  put(id: string, picture: Uint8Array): Promise<Published>;
  /** `words` as in a URL; the answer and the colour of its middle. */
  get(id: string, words: string): Promise<Obtained & { readonly colour: string }>;
}

const renderer: Promise<Renderer> = startRenderer({
  workers: 'process',
  size: 2,
  deadline: 60_000,
  memory: 2 ** 31,
  environment: {},
  ended: () => undefined,
  report: () => {},
});

export async function stopRenderer(): Promise<void> {
  await (await renderer).close();
}

const door = { formats: ['png', 'jpg'], maxPixels: 50e6, maxTotalPixels: 100e6, maxFrames: 256, svg: 'off' } as const;

/** What of the configuration matters here; nothing is bounded where nothing is said. */
export interface Rules {
  /** As for a pointer, in milliseconds. */
  readonly trust?: number;
  readonly most?: number;
  readonly idle?: number;
  readonly age?: number;
  readonly size?: number;
}

/** Nodes on one store share `store` and have everything else of their own. */
export async function shelve(store: BlobStore, rules: Rules = {}): Promise<Shelves> {
  const {
    trust = Number.POSITIVE_INFINITY,
    most = Number.POSITIVE_INFINITY,
    idle = null,
    age = null,
    size = null,
  } = rules;
  const reports: string[] = [];
  const report = (sentence: string) => reports.push(sentence);
  const integrity = new Integrity(report);
  const originals = new Originals({ store, trust, integrity });
  const epoch = new Epoch(store, trust);
  await epoch.refresh();
  const memory = new MemoryTier(2 ** 24);
  const saver = new Saver(store, report);
  const space = new VariantSpace({ bucket: store, most, idle, report });
  const gate = new Gate({ renders: 2, queue: 100, queueWait: 60_000, decodeMemory: 1e9 });
  const budget = new Budget({ budget: null });
  const cap = new VariantCap(store, 1000);
  const making = { renderer: await renderer, gate, budget, cap };
  const parts = { originals: store, variants: store, memory, ...making, saver, integrity, space, report };
  const variants = new Variants(parts);
  const limits = { maxOutput: 40e6, maxFrames: 256 };
  const library = new Library({
    originals,
    layers: originals,
    variants,
    memory,
    epoch,
    bucket: store,
    limits,
    fonts: { digest: '' },
  });
  const folder = await mkdtemp(join(tmpdir(), 'tintype-shelves-'));
  const ingest = new Ingest({
    originals,
    renderer: await renderer,
    gate,
    door,
    folder,
    maxBytes: 1e8,
    fetcher: null,
    limits,
    normalize: 'off',
  });
  const stats = new StatsBoard(store);
  const retention = new Retention({ store, originals, library, age, size });
  const sweep = new Sweep({
    store,
    bucket: store,
    originals,
    epoch,
    retention,
    space,
    stats,
    permits: new UploadPermits(store),
  });
  return {
    originals,
    library,
    variants,
    saver,
    epoch,
    sweep,
    stats,
    reports,
    put: (id, picture) =>
      ingest.take({
        id,
        body: once(picture),
        digests: { sha256: null, sha512: null },
        tags: null,
        focalPoint: null,
        precondition: null,
      }),
    get: async (id, words) => {
      const asked = parseTransform(splitImagePath(`/img/${id}/${words}`, '/img/'), new Map());
      const spec = await library.specify(await originals.describe(id), resolveTransform(asked, { accept: null }));
      const found = await variants.obtain(spec);
      return { ...found, colour: await colourOf(found.bytes) };
    },
  };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function colourOf(bytes: Uint8Array): Promise<string> {
  const path = join(await mkdtemp(join(tmpdir(), 'tintype-colour-')), 'picture');
  await writeFile(path, bytes);
  const [red = 0, green = 0, blue = 0] = await sharp(path).removeAlpha().raw().toBuffer();
  await rm(join(path, '..'), { recursive: true });
  return `#${[red, green, blue].map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}
