import { randomUUID } from 'node:crypto';
import { startBackground } from './background.ts';
import type { Config } from '../config/index.ts';
import { doorOf, limitsOf, presetsOf, queueOf, requestLimitOf } from '../config/derived.ts';
import { Deprecations } from '../observability/deprecations.ts';
import { Meters } from '../observability/metrics.ts';
import { openFront } from './cdn-purging.ts';
import { gaugeRooms } from './gauges.ts';
import { Access } from '../http/auth/access.ts';
import { Brake } from '../http/auth/token-throttle.ts';
import { Clients } from '../http/auth/client-address.ts';
import { Signatures } from '../http/auth/signatures.ts';
import { Trial } from '../http/auth/report-only.ts';
import { Breakpoints } from '../library/selection/breakpoints.ts';
import { Budget } from '../library/variants/budget.ts';
import { Choices } from '../library/selection/format-choice.ts';
import { Eager } from '../library/selection/eager.ts';
import { Elsewhere } from '../library/intake/by-url.ts';
import { Epoch } from '../library/variants/epoch.ts';
import { Forgetting } from '../library/purging/purge.ts';
import { Ingest } from '../library/intake/ingest.ts';
import { Integrity } from '../library/originals/integrity.ts';
import { Lesser } from '../library/selection/degraded.ts';
import { Library } from '../library/variants/naming.ts';
import { Listing } from '../library/originals/listing.ts';
import { Looks } from '../library/selection/placeholders.ts';
import { MemoryTier } from '../library/variants/memory-cache.ts';
import { Originals } from '../library/originals/originals.ts';
import { Pressure } from '../library/variants/memory-pressure.ts';
import { Purging } from '../library/purging/purging.ts';
import { ReadThrough } from '../library/intake/read-through.ts';
import { Readiness } from '../library/maintenance/readiness.ts';
import { besideStore } from '../library/originals/references.ts';
import { Remembered } from '../library/selection/decision-cache.ts';
import { RenderTurns } from '../library/variants/render-lease.ts';
import { Retention } from '../library/maintenance/retention.ts';
import { Saver } from '../library/variants/write-behind.ts';
import { StatsBoard } from '../library/maintenance/stats.ts';
import { Sweep } from '../library/maintenance/sweep.ts';
import { SweepClock } from '../library/maintenance/sweep-clock.ts';
import { Tuning } from '../library/selection/quality-search.ts';
import { UploadPermits } from '../library/originals/upload-tokens.ts';
import { VariantCap } from '../library/variants/variant-cap.ts';
import { VariantSpace } from '../library/variants/disk-quota.ts';
import { Variants } from '../library/variants/variants.ts';
import { WorkingCopies } from '../library/variants/working-copies.ts';
import { containerMemory, memoryAtHand } from '../platform/os-limits.ts';
import { hearNews, openNodes, tellAll } from './cluster-invalidation.ts';
import { openFonts } from '../render/pixels/fonts.ts';
import { Gate } from '../render/queue/render-queue.ts';
import { startRenderer } from '../render/workers/start.ts';
import { assertHeicDecoder } from '../render/sanitizing/heic-decoder.ts';
import { allowHosts } from '../source/allowance.ts';
import { openSource, openWeb } from '../source/index.ts';
import { copiesIn, disksOf, openStores, storeOptions, uploadsIn } from './open-stores.ts';
import type { Surroundings } from './environment.ts';
import { ladderBeside } from '../transform/ladder.ts';
import { readPresets } from '../transform/presets.ts';

/** Milliseconds for fetching a picture, to its last byte. */
const fetchDeadline = 30_000;

export type Rooms = Awaited<ReturnType<typeof openRooms>>;

/** Every room is built here, from the bottom up. */
export async function openRooms(config: Config, surroundings: Surroundings) {
  const { report, scratchFolder } = surroundings;
  if (config.heic === 'convert') assertHeicDecoder();
  const options = storeOptions(config, scratchFolder);
  const meters = new Meters();
  const deprecations = new Deprecations({ count: (name) => meters.deprecatedNameUsed(name), report });
  const { store, bucket } = await openStores(config, options, (name) => meters.ofStore(name));
  const { workers, deadline } = config;
  const fonts = await openFonts(config.fonts, scratchFolder);
  const renderer = await startRenderer({
    workers,
    deadline,
    size: config.renders,
    memory: config.workerMemory,
    environment: { ...surroundings.rendererEnvironment, FONTCONFIG_FILE: fonts.configuration },
    ended: (end) => meters.workerEnded(end),
    report,
  });
  // What is left of the machine is the server's own, and the system's.
  const gate = new Gate({ ...config, queue: queueOf(config), decodeMemory: Math.floor(memoryAtHand() / 2) });
  const memory = new MemoryTier(config.memory);
  const pressure = new Pressure({ memory, look: () => containerMemory(), report });
  const saver = new Saver(bucket, report);
  const nodes = await openNodes(config, store, report);
  const { cluster, isShared, trust, hears, echo } = nodes;
  const integrity = new Integrity(report);
  const pseudonym = `tintype-${randomUUID()}`;
  const source =
    config.source === null ? null : await openSource(config.source, { ...options, deadline: fetchDeadline, pseudonym });
  const bytes = source?.kind === 'reference' ? besideStore(store, source, (path) => readThrough?.moved(path)) : store;
  const front = await openFront(config, { echo, report });
  const { edge } = front;
  const changed = (id: string) => Promise.all([copies.drop(id), tellAll(nodes, edge, id)]);
  const originals = new Originals({ store, bytes, trust, hears, integrity, changed });
  const copies = new WorkingCopies({
    ...(await copiesIn(config, scratchFolder)),
    find: (id) => originals.find(id),
    renderer,
    gate,
    seen: (event) => meters.copySeen(event),
    report,
  });
  const epoch = new Epoch(store, trust, hears);
  await epoch.refresh();
  const space = new VariantSpace({ bucket, ...limitsOf(bucket, config), report });
  const variants = new Variants({
    originals: bytes,
    variants: bucket,
    memory,
    renderer,
    gate,
    budget: new Budget(config, cluster),
    cap: new VariantCap(bucket, config.variantsPerOriginal),
    copies,
    saver,
    turns: new RenderTurns({ cluster, saver, deadline: requestLimitOf(config) }),
    integrity,
    space,
    report,
  });
  hearNews(nodes, { originals, variants, memory, copies, epoch, report });
  const layers = {
    find: (id: string) => (readThrough ?? originals).find(id),
    known: (id: string) => (readThrough ?? originals).known(id),
  };
  const library = new Library({ originals, layers, variants, memory, copies, epoch, bucket, limits: config, fonts });
  const { allowance = allowHosts(config.fetch) } = surroundings;
  const web = config.fetch.length === 0 ? null : await openWeb({ allowance, deadline: fetchDeadline, pseudonym });
  const remembered = new Remembered(store, report);
  const lesser = new Lesser({ library, memory, degrade: config.degrade });
  const tuning = new Tuning({ library, variants, remembered, gate, report });
  const choices = new Choices({ library, variants, remembered, tuning });
  const looks = new Looks({ library, variants, remembered });
  const breakpoints = new Breakpoints({ library, variants, remembered });
  const uploads = uploadsIn(config, scratchFolder);
  const ingest = new Ingest({
    originals,
    renderer,
    gate,
    door: doorOf(config),
    files: uploads,
    maxBytes: config.maxBytes,
    fetcher: web,
    limits: config,
    normalize: config.normalize,
  });
  const readThrough: ReadThrough | null =
    source === null
      ? null
      : new ReadThrough({ originals, source, ingest, library, freshFor: config.sourceFresh, report });
  const elsewhere = new Elsewhere({ source: config.source, fetches: web !== null, originals, ingest });
  const namedTransforms = presetsOf(config);
  const presets = readPresets(namedTransforms);
  const ladder = ladderBeside(config.widths, presets);
  const permits = new UploadPermits(store);
  const clients = new Clients(config.trustedProxies);
  const stats = new StatsBoard(store);
  space.used = (await stats.read()).variants.bytes;
  const retention = new Retention({ store, originals, library, age: config.retainAge, size: config.retainSize });
  const clock = await SweepClock.open(store, report);
  const sweep = new Sweep({ store, bucket, originals, epoch, clock, retention, space, stats, permits, uploads });
  const signatures = new Signatures(config.signingKeys ?? []);
  const sign = (path: string) => signatures.sign(path);
  const eager = new Eager({ presets, ladder, fonts: fonts.families, choices, variants, saver, gate, sign });
  const listing = new Listing(store, originals);
  const purging = new Purging({ library, originals, listing, choices, presets, ladder });
  const forgetting = new Forgetting({ purging, library, listing, edge, cluster, later: front.later });
  const doing = { front, forgetting, config, store, isShared, originals, eager, listing, sweep, uploads };
  const background = await startBackground({ ...doing, clock, meters, report });
  const readiness = new Readiness({ store, renderer, cluster, clock, ...disksOf(config, scratchFolder) });
  const trial = new Trial(config.reportOnly);
  const brake = new Brake(clients, (name, window) => cluster.count(name, window));
  const access = new Access({ tokens: surroundings.tokens, signatures, trial, brake });

  gaugeRooms(meters, { config, gate, memory, copies, renderer, saver, space, cluster, clock });

  const close = async () => {
    pressure.stop();
    await edge.close();
    await background.close();
    gate.close();
    await tuning.settled();
    await copies.close();
    await saver.drain();
    await cluster.close();
    await renderer.close();
    await web?.close();
    await source?.close();
    await store.close();
    if (bucket !== store) await bucket.close();
  };
  return {
    config,
    surroundings,
    pseudonym,
    store,
    originals,
    /** Where whoever looks finds pictures: the originals, and behind them their source. */
    pictures: readThrough ?? originals,
    variants,
    copies,
    library,
    choices,
    lesser,
    tuning,
    looks,
    breakpoints,
    sign,
    ingest,
    elsewhere,
    namedTransforms,
    presets,
    ladder,
    clients,
    brake,
    permits,
    fonts: fonts.families,
    signatures,
    trial,
    access,
    listing,
    edge,
    purging,
    forgetting,
    sweep,
    stats,
    jobs: background.jobs,
    eager,
    readiness,
    meters,
    deprecations,
    /** Finishes what is being rendered and saved, then lets go of the stores. */
    close,
  };
}
