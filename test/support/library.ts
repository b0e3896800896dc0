import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { LocalCluster } from '../../src/cluster/local.ts';
import { Ingest } from '../../src/library/intake/ingest.ts';
import { Retention } from '../../src/library/maintenance/retention.ts';
import { StatsStore } from '../../src/library/maintenance/stats.ts';
import { Sweep } from '../../src/library/maintenance/sweep.ts';
import { SweepClock } from '../../src/library/maintenance/sweep-clock.ts';
import { Integrity } from '../../src/library/originals/integrity.ts';
import { Originals, type Published } from '../../src/library/originals/originals.ts';
import { UploadTokens } from '../../src/library/originals/upload-tokens.ts';
import { Budget } from '../../src/library/variants/budget.ts';
import { DiskQuota } from '../../src/library/variants/disk-quota.ts';
import { PurgeEpoch } from '../../src/library/variants/epoch.ts';
import { MemoryCache } from '../../src/library/variants/memory-cache.ts';
import { VariantLibrary } from '../../src/library/variants/naming.ts';
import { type Obtained } from '../../src/library/variants/obtained.ts';
import { RenderLeases } from '../../src/library/variants/render-lease.ts';
import type { VariantSpec } from '../../src/library/variants/spec.ts';
import { VariantCap } from '../../src/library/variants/variant-cap.ts';
import { Variants } from '../../src/library/variants/variants.ts';
import { type CopyEvent, WorkingCopies } from '../../src/library/variants/working-copies.ts';
import { WriteBehind } from '../../src/library/variants/write-behind.ts';
import { sharedBy } from '../../src/render/planning/shared-decode.ts';
import { RenderQueue } from '../../src/render/queue/render-queue.ts';
import type { Renderer } from '../../src/render/workers/renderer.ts';
import { startRenderer } from '../../src/render/workers/start.ts';
import type { BlobStore } from '../../src/store/blob-store.ts';
import { UploadFiles } from '../../src/store/upload-files.ts';
import { parseTransform } from '../../src/transform/grammar.ts';
import { splitImagePath } from '../../src/transform/image-path.ts';
import { resolveTransform } from '../../src/transform/resolve.ts';

/** The library on a store of the test's choice, with real rendering processes and without HTTP. */
export interface Shelves {
  readonly originals: Originals;
  readonly library: VariantLibrary;
  readonly memory: MemoryCache;
  readonly variants: Variants;
  readonly writeBehind: WriteBehind;
  readonly epoch: PurgeEpoch;
  readonly sweep: Sweep;
  readonly stats: StatsStore;
  readonly reports: readonly string[];
  readonly copies: WorkingCopies;
  /** What was opened to be decoded, in this order: an original, a working copy, or an original to make a copy of. */
  readonly opened: ('original' | 'copy' | 'to copy')[];
  /** What became of copies. */
  readonly copyEvents: CopyEvent[];
  put(id: string, picture: Uint8Array): Promise<Published>;
  /** `words` as in a URL; the answer and the colour of its middle. */
  get(id: string, words: string): Promise<Obtained & { readonly colour: string }>;
  /** What `get` would answer, by name. */
  specify(id: string, words: string): Promise<VariantSpec>;
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

const policy = {
  formats: ['png', 'jpg', 'webp', 'gif'],
  maxPixels: 50e6,
  maxTotalPixels: 100e6,
  maxFrames: 256,
  svg: 'off',
} as const;

/** What of the configuration matters here; nothing is bounded where nothing is said. */
export interface Rules {
  /** As for a record, in milliseconds. */
  readonly trust?: number;
  readonly most?: number;
  readonly idle?: number;
  readonly age?: number;
  readonly size?: number;
  readonly variantsPerOriginal?: number;
  /** Where working copies lie and how many bytes they may take; no copies where nothing is said. */
  readonly scratch?: { readonly folder: string; readonly most: number };
}

/** The renderer, and what it is asked to open. */
function watched(renderer: Renderer, opened: Shelves['opened']): Renderer {
  return {
    ...renderer,
    renderAll: (jobs) => {
      opened.push(...sharedBy(jobs.plans).map(([{ source }]) => (source === 'copy' ? 'copy' : 'original')));
      return renderer.renderAll(jobs);
    },
    copy: (job) => {
      opened.push('to copy');
      return renderer.copy(job);
    },
  };
}

/** Nodes on one store share `store` and have everything else of their own. */
export async function shelve(store: BlobStore, rules: Rules = {}): Promise<Shelves> {
  const {
    trust = Number.POSITIVE_INFINITY,
    most = Number.POSITIVE_INFINITY,
    idle = null,
    age = null,
    size = null,
    variantsPerOriginal = 1000,
    scratch = { folder: null, most: 0 },
  } = rules;
  const reports: string[] = [];
  const report = (sentence: string) => reports.push(sentence);
  const integrity = new Integrity(report);
  const changed = (id: string) => copies.drop(id);
  const originals = new Originals({ store, maxAge: trust, integrity, changed });
  const epoch = new PurgeEpoch(store, trust);
  await epoch.refresh();
  const memory = new MemoryCache(2 ** 24);
  const writeBehind = new WriteBehind(store, report);
  const quota = new DiskQuota({ bucket: store, most, idle, report });
  const cluster = new LocalCluster();
  const leases = new RenderLeases({ cluster, writeBehind, deadline: 60_000 });
  const queue = new RenderQueue({ renders: 2, queue: 100, queueWait: 60_000, decodeMemory: 1e9 });
  const budget = new Budget({ budget: null }, cluster);
  const cap = new VariantCap(store, variantsPerOriginal);
  const opened: Shelves['opened'] = [];
  const copyEvents: CopyEvent[] = [];
  const rendering = watched(await renderer, opened);
  const copies: WorkingCopies = new WorkingCopies({
    ...scratch,
    find: (id) => originals.find(id),
    renderer: rendering,
    queue,
    seen: (event) => copyEvents.push(event),
    report,
  });
  const making = { renderer: rendering, queue, budget, cap, copies };
  const parts = { originals: store, variants: store, memory, ...making, writeBehind, leases, integrity, quota, report };
  const variants = new Variants(parts);
  const limits = { maxOutput: 40e6, maxFrames: 256, deadline: 60_000 };
  const library = new VariantLibrary({
    originals,
    layers: originals,
    variants,
    memory,
    copies,
    epoch,
    bucket: store,
    limits,
    fonts: { digest: '' },
  });
  const folder = await mkdtemp(join(tmpdir(), 'tintype-shelves-'));
  const uploads = new UploadFiles(folder);
  const ingest = new Ingest({
    originals,
    renderer: await renderer,
    queue,
    policy,
    files: uploads,
    maxBytes: 1e8,
    fetcher: null,
    limits,
    sanitize: 'off',
  });
  const stats = new StatsStore(store);
  const clock = await SweepClock.open(store, report);
  const retention = new Retention({ store, originals, library, age, size });
  const sweep = new Sweep({
    store,
    bucket: store,
    originals,
    epoch,
    clock,
    retention,
    quota,
    stats,
    uploadTokens: new UploadTokens(store),
    uploads,
  });
  const specify = async (id: string, words: string): Promise<VariantSpec> => {
    const asked = parseTransform(splitImagePath(`/img/${id}/${words}`, '/img/'), new Map());
    return library.specify(await originals.describe(id), resolveTransform(asked, { accept: null }));
  };
  return {
    originals,
    library,
    memory,
    specify,
    variants,
    writeBehind,
    epoch,
    sweep,
    stats,
    reports,
    copies,
    opened,
    copyEvents,
    put: (id, picture) =>
      ingest.store({
        id,
        body: once(picture),
        digests: { sha256: null, sha512: null },
        tags: null,
        focalPoint: null,
        precondition: null,
      }),
    get: async (id, words) => {
      const found = await variants.obtain(await specify(id, words));
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
