import { randomUUID } from 'node:crypto';
import { limitsOf, presetsOf, requestLimitOf, uploadPolicyOf } from '../config/derived.ts';
import type { Config } from '../config/index.ts';
import { Access } from '../http/auth/access.ts';
import { ClientAddress } from '../http/auth/client-address.ts';
import { ReportOnly } from '../http/auth/report-only.ts';
import { Signatures } from '../http/auth/signatures.ts';
import { TokenThrottle } from '../http/auth/token-throttle.ts';
import { BytesInFlight } from '../http/message/bytes-in-flight.ts';
import { RemoteOriginals } from '../library/intake/by-url.ts';
import { Ingest } from '../library/intake/ingest.ts';
import { ReadThrough } from '../library/intake/read-through.ts';
import { UnsignedFetchCap } from '../library/intake/unsigned-fetch-cap.ts';
import { Readiness } from '../library/maintenance/readiness.ts';
import { Retention } from '../library/maintenance/retention.ts';
import { StatsStore } from '../library/maintenance/stats.ts';
import { Sweep } from '../library/maintenance/sweep.ts';
import { SweepClock } from '../library/maintenance/sweep-clock.ts';
import { Integrity } from '../library/originals/integrity.ts';
import { Listing } from '../library/originals/listing.ts';
import { Originals } from '../library/originals/originals.ts';
import { besideStore } from '../library/originals/references.ts';
import { SourceListing } from '../library/originals/source-listing.ts';
import { UploadTokens } from '../library/originals/upload-tokens.ts';
import { Purge } from '../library/purging/purge.ts';
import { LocalPurge } from '../library/purging/purging.ts';
import { Breakpoints } from '../library/selection/breakpoints.ts';
import { DecisionCache } from '../library/selection/decision-cache.ts';
import { DegradedAnswers } from '../library/selection/degraded.ts';
import { EagerVariants } from '../library/selection/eager.ts';
import { FormatSelection } from '../library/selection/format-choice.ts';
import { Placeholders } from '../library/selection/placeholders.ts';
import { QualitySearch } from '../library/selection/quality-search.ts';
import { Budget } from '../library/variants/budget.ts';
import { DiskQuota } from '../library/variants/disk-quota.ts';
import { PurgeEpoch } from '../library/variants/epoch.ts';
import { MemoryCache } from '../library/variants/memory-cache.ts';
import { MemoryPressure } from '../library/variants/memory-pressure.ts';
import { VariantLibrary } from '../library/variants/naming.ts';
import { RenderLeases } from '../library/variants/render-lease.ts';
import { VariantCap } from '../library/variants/variant-cap.ts';
import { Variants } from '../library/variants/variants.ts';
import { WorkingCopies } from '../library/variants/working-copies.ts';
import { WriteBehind } from '../library/variants/write-behind.ts';
import { Deprecations } from '../observability/deprecations.ts';
import { Metrics } from '../observability/metrics.ts';
import { containerMemory, memoryAtHand } from '../platform/os-limits.ts';
import { assertHeicDecoder } from '../render/sanitizing/heic-decoder.ts';
import { allowHosts } from '../source/allowance.ts';
import { openSource, openWeb } from '../source/index.ts';
import { ladderBeside } from '../transform/ladder.ts';
import { readPresets } from '../transform/presets.ts';
import { startBackground } from './background.ts';
import { openCdnPurging } from './cdn-purging.ts';
import { applyInvalidations, invalidateEverywhere, openClusterInvalidation } from './cluster-invalidation.ts';
import type { Environment } from './environment.ts';
import { registerGauges } from './gauges.ts';
import { disksOf, openStores, storeOptions, uploadFolder, workingCopyFolder } from './open-stores.ts';
import { openRendering } from './rendering.ts';

/** Milliseconds for fetching a picture, to its last byte. */
const fetchDeadline = 30_000;

export type Services = Awaited<ReturnType<typeof openServices>>;

/** Builds every service, from the bottom up. */
export async function openServices(config: Config, environment: Environment) {
  const { report, scratchFolder } = environment;
  if (config.heic === 'convert') assertHeicDecoder();
  const options = storeOptions(config, scratchFolder);
  const metrics = new Metrics();
  const deprecations = new Deprecations({ count: (name) => metrics.deprecatedNameUsed(name), report });
  for (const [name, replacement] of config.deprecated) deprecations.used(name, replacement);
  const { store, bucket } = await openStores(config, options, (name) => metrics.ofStore(name));
  const { renderer, queue, fonts } = await openRendering(config, environment, metrics);
  const memory = new MemoryCache(config.memory);
  const memoryPressure = new MemoryPressure({ memory, read: () => containerMemory(), report });
  const writeBehind = new WriteBehind(bucket, report);
  const invalidation = await openClusterInvalidation(config, store, {
    report,
    onUnreadable: () => metrics.damagedRead('message'),
  });
  const { cluster, isShared, maxAge, isInSync, repeatAfter } = invalidation;
  const integrity = new Integrity(report);
  const pseudonym = `tintype-${randomUUID()}`;
  const source =
    config.source === null ? null : await openSource(config.source, { ...options, deadline: fetchDeadline, pseudonym });
  const bytes = source?.kind === 'reference' ? besideStore(store, source, (path) => readThrough?.moved(path)) : store;
  const cdnPurging = await openCdnPurging(config, { echo: repeatAfter, report });
  const { cdnPurger } = cdnPurging;
  const changed = (id: string) => Promise.all([copies.drop(id), invalidateEverywhere(invalidation, cdnPurger, id)]);
  const onDamaged = () => metrics.damagedRead('original');
  const originals = new Originals({ store, bytes, maxAge, isInSync, onDamaged, integrity, changed });
  const copies = new WorkingCopies({
    ...(await workingCopyFolder(config, scratchFolder)),
    find: (id) => originals.find(id),
    renderer,
    queue,
    seen: (event) => metrics.copySeen(event),
    report,
  });
  const epoch = new PurgeEpoch(store, maxAge, isInSync);
  await epoch.refresh();
  const quota = new DiskQuota({ bucket, ...limitsOf(bucket, config), report });
  const variants = new Variants({
    originals: bytes,
    variants: bucket,
    memory,
    renderer,
    queue,
    budget: new Budget(config, cluster),
    cap: new VariantCap(bucket, config.variantsPerOriginal),
    copies,
    writeBehind,
    leases: new RenderLeases({ cluster, writeBehind, deadline: requestLimitOf(config) }),
    integrity,
    quota,
    report,
  });
  applyInvalidations(invalidation, { originals, variants, memory, copies, epoch, report });
  const layers = {
    find: (id: string) => (readThrough ?? originals).find(id),
    known: (id: string) => (readThrough ?? originals).known(id),
  };
  const tiers = { variants, memory, copies, epoch, bucket };
  const library = new VariantLibrary({ originals, layers, ...tiers, limits: config, fonts });
  const { allowance = allowHosts(config.fetch) } = environment;
  const web = config.fetch.length === 0 ? null : await openWeb({ allowance, deadline: fetchDeadline, pseudonym });
  const decisionCache = new DecisionCache({ store, report, onDamaged: () => metrics.damagedRead('decision') });
  const degraded = new DegradedAnswers({ library, memory, degrade: config.degrade });
  const qualitySearch = new QualitySearch({ library, variants, decisionCache, queue, report });
  const formatSelection = new FormatSelection({ library, variants, decisionCache, qualitySearch });
  const placeholders = new Placeholders({ library, variants, decisionCache });
  const breakpoints = new Breakpoints({ library, variants, decisionCache });
  const uploads = uploadFolder(config, scratchFolder);
  const ingest = new Ingest({
    originals,
    renderer,
    queue,
    policy: uploadPolicyOf(config),
    files: uploads,
    maxBytes: config.maxBytes,
    fetcher: web,
    limits: config,
    sanitize: config.sanitize,
  });
  const readThrough: ReadThrough | null =
    source === null
      ? null
      : new ReadThrough({ originals, source, ingest, library, freshFor: config.sourceFresh, report });
  const unsigned = new UnsignedFetchCap(store);
  const fetches = web !== null;
  const remoteOriginals = new RemoteOriginals({ source: config.source, fetches, originals, ingest, unsigned });
  const namedTransforms = presetsOf(config);
  const presets = readPresets(namedTransforms);
  const ladder = ladderBeside(config.widths, presets);
  const uploadTokens = new UploadTokens(store, () => metrics.damagedRead('upload-token'));
  const clientAddress = new ClientAddress(config.trustedProxies);
  const maxInFlight = config.maxInFlight ?? Math.floor(memoryAtHand() / 8);
  const bytesInFlight = new BytesInFlight(maxInFlight, (context) => clientAddress.of(context));
  const sourceListing = source?.kind === 'reference' ? new SourceListing(source, originals) : null;
  const stats = new StatsStore(store, sourceListing);
  quota.used = (await stats.read()).variants.bytes;
  const retention = new Retention({ store, originals, library, age: config.retainAge, size: config.retainSize });
  const clock = await SweepClock.open(store, report);
  const sweep = new Sweep({ store, bucket, originals, epoch, clock, retention, quota, stats, uploadTokens, uploads });
  const signatures = new Signatures(config.signingKeys ?? []);
  const sign = (path: string) => signatures.sign(path);
  const making = { variants, writeBehind, queue, sign };
  const eager = new EagerVariants({ presets, ladder, fonts: fonts.families, formatSelection, ...making });
  const listing = new Listing(store, originals);
  const localPurge = new LocalPurge({ library, originals, listing, formatSelection, presets, ladder });
  const purge = new Purge({ localPurge, library, listing, cdnPurger, cluster, enqueue: cdnPurging.enqueue });
  const pictures = readThrough ?? originals;
  const work = { cdnPurging, purge, config, store, isShared, originals, eager, listing, sweep, uploads };
  const background = await startBackground({ ...work, pictures, sourceListing, clock, metrics, report });
  const readiness = new Readiness({ store, renderer, cluster, clock, ...disksOf(config, scratchFolder) });
  const reportOnly = new ReportOnly(config.reportOnly);
  const throttle = new TokenThrottle(clientAddress, (name, window) => cluster.count(name, window));
  const access = new Access({ tokens: environment.tokens, signatures, reportOnly, throttle });

  registerGauges(metrics, { config, queue, memory, copies, renderer, writeBehind, quota, cluster, clock });

  const close = async () => {
    memoryPressure.stop();
    await cdnPurger.close();
    await background.close();
    queue.close();
    await qualitySearch.settled();
    await copies.close();
    await writeBehind.drain();
    await cluster.close();
    await renderer.close();
    await web?.close();
    await source?.close();
    await store.close();
    if (bucket !== store) await bucket.close();
  };
  return {
    config,
    environment: environment,
    pseudonym,
    store,
    originals,
    /** Originals as routes read them: stored ones, and behind them their source. */
    pictures,
    variants,
    copies,
    library,
    formatSelection: formatSelection,
    degraded: degraded,
    qualitySearch: qualitySearch,
    placeholders: placeholders,
    breakpoints,
    sign,
    ingest,
    remoteOriginals: remoteOriginals,
    namedTransforms,
    presets,
    ladder,
    clientAddress: clientAddress,
    bytesInFlight,
    throttle: throttle,
    uploadTokens: uploadTokens,
    fonts: fonts.families,
    signatures,
    reportOnly: reportOnly,
    access,
    listing,
    sourceListing,
    cdnPurger: cdnPurger,
    localPurge: localPurge,
    purge,
    sweep,
    stats,
    jobs: background.jobs,
    eager,
    readiness,
    metrics: metrics,
    deprecations,
    /** Finishes what is being rendered and saved, then lets go of the stores. */
    close,
  };
}
