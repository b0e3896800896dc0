import { YieldToRequests } from '../../concurrency/event-loop-yield.ts';
import { KeyedQueue } from '../../concurrency/keyed-queue.ts';
import { Failure } from '../../errors.ts';
import type { BlobEntry, BlobStore } from '../../store/blob-store.ts';
import type { UploadFiles } from '../../store/upload-files.ts';
import { type ObjectCount, ObjectCounter, type SweepRequest } from '../object-count.ts';
import type { Original } from '../original.ts';
import type { Originals } from '../originals/originals.ts';
import { isReference } from '../originals/references.ts';
import type { UploadTokens } from '../originals/upload-tokens.ts';
import { allPages } from '../pages.ts';
import {
  currentPrefix,
  decisionPrefix,
  idOfDecision,
  idOfVariant,
  indexEntriesOf,
  readIndexEntry,
  readOriginalKey,
  variantsFolder,
} from '../storage-keys.ts';
import { checksumBytes } from '../variants/checksum.ts';
import type { DiskQuota } from '../variants/disk-quota.ts';
import type { PurgeEpoch } from '../variants/epoch.ts';
import type { Retention } from './retention.ts';
import { type StatsStore, StatsTally } from './stats.ts';
import type { ClockState, SweepClock, SweepRun } from './sweep-clock.ts';

/** What a sweep took away, or would have taken. */
export type SweepReceipt = {
  readonly dryRun: boolean;
  /** Originals that are too old or too many, by what is configured. */
  readonly expired: ObjectCount;
  /** Variants that were served too long ago, or least recently where there are too many. */
  readonly idle: ObjectCount;
  /** Variants that no URL can reach any more. */
  readonly variants: ObjectCount;
  /** Bytes of originals that were replaced or deleted. */
  readonly originals: ObjectCount;
  /** Index entries whose original is gone or has moved on. */
  readonly markers: ObjectCount;
  /** What is waste too but is left to a later sweep, at least a day of uptime from now. */
  readonly marked: ObjectCount;
  /** Unless it is `ok`, nothing was deleted by age. */
  readonly clock: ClockState;
};

export interface SweepOptions {
  readonly store: BlobStore;
  readonly bucket: BlobStore;
  readonly originals: Originals;
  readonly epoch: PurgeEpoch;
  readonly clock: SweepClock;
  readonly retention: Retention;
  readonly quota: DiskQuota;
  readonly stats: StatsStore;
  readonly uploadTokens: UploadTokens;
  readonly uploads: UploadFiles;
}

type Owner = Original | null | 'unreadable';

/**
 * Deletes what no name leads to any more. Reads names and pointers alone, a page at a time. Of the store of originals only
 * what an earlier sweep has marked is deleted: a render may still read it, or an upload be about to name it.
 */
export class Sweep {
  readonly #parts: SweepOptions;
  readonly #inTurn = new KeyedQueue();
  readonly #yieldToRequests = new YieldToRequests();
  readonly #running = new Map<boolean, Promise<SweepReceipt>>();
  /** The owner that was asked for last: keys come sorted, so those of one original stand together. */
  #last: { readonly id: string; readonly owner: Owner } | null = null;

  constructor(parts: SweepOptions) {
    this.#parts = parts;
  }

  /** One at a time: who wants the same as one that runs or waits gets its receipt. */
  run(request: SweepRequest): Promise<SweepReceipt> {
    const running = this.#running.get(request.dryRun);
    if (running !== undefined) return running;
    const mine = this.#inTurn.run('', () => this.#sweep(request)).finally(() => this.#running.delete(request.dryRun));
    this.#running.set(request.dryRun, mine);
    return mine;
  }

  async #sweep(request: SweepRequest): Promise<SweepReceipt> {
    const { store, epoch, clock, retention, quota } = this.#parts;
    await epoch.refresh();
    await quota.settle();
    this.#last = null;
    const run = await clock.begin(request);
    const { dryRun, marks } = run;
    const tally = new StatsTally();
    const originals = await this.#clear(store, 'o/', run, async (entry) => {
      await this.#count(entry, tally);
      return (await this.#isSuperseded(entry)) && marks.isDue(entry);
    });
    const expired = await retention.run(tally, run);
    const { variants, idle, left } = await this.#clearVariants(run);
    const isDangling = async (entry: BlobEntry) => !(await this.#isTrue(entry)) && marks.isDue(entry);
    const markers = await this.#clear(store, 'i/', run, isDangling);
    const marked = marks.waiting;
    if (!dryRun) await this.#finish(run, tally, left);
    return { dryRun, expired, idle, variants, originals, markers, marked, clock: run.clock };
  }

  async #finish(run: SweepRun, tally: StatsTally, variants: ObjectCount): Promise<void> {
    const { stats, uploadTokens, uploads, clock } = this.#parts;
    const { now, marks } = run;
    await Promise.all([stats.write(tally, variants, Date.now()), uploads.sweep()]);
    if (run.clock === 'ok') await uploadTokens.sweep(Math.floor(now / 1000), (token) => marks.isDue(token));
    await clock.end(run);
  }

  /** Pictures that stay elsewhere take no room here. */
  async #count({ key }: BlobEntry, tally: StatsTally): Promise<void> {
    const named = readOriginalKey(key);
    const original = named?.isRecord === true ? await this.#ownerOf(named.id) : null;
    if (original !== null && original !== 'unreadable' && !isReference(original.blob)) tally.add(original);
  }

  /** What nobody can ask for, what nobody has asked for lately, and the least recent where there is too much. */
  async #clearVariants(run: SweepRun) {
    const { dryRun, now, clock } = run;
    const { bucket, quota } = this.#parts;
    const [all, dead, idle] = [new ObjectCounter(), new ObjectCounter(), new ObjectCounter()];
    await this.#clear(bucket, variantsFolder, run, async (entry) => {
      all.add(entry.bytes);
      const isDead = !(await this.#isReachable(entry));
      const goes = isDead || (clock === 'ok' && quota.isIdle(entry, now));
      if (goes) (isDead ? dead : idle).add(entry.bytes);
      return goes;
    });
    if (!dryRun) quota.used = all.bytes - dead.bytes - idle.bytes;
    const trimmed = quota.isFull ? await quota.trim(dryRun) : new ObjectCounter();
    const objects = all.objects - dead.objects - idle.objects - trimmed.objects;
    const bytes = all.bytes - dead.bytes - idle.bytes - trimmed.bytes;
    idle.objects += trimmed.objects;
    idle.bytes += trimmed.bytes;
    return { variants: pictures(dead), idle: pictures(idle), left: pictures({ objects, bytes }) };
  }

  async #clear(
    store: BlobStore,
    prefix: string,
    { dryRun, signal }: SweepRequest,
    isWaste: (entry: BlobEntry) => Promise<boolean>,
  ): Promise<ObjectCount> {
    let [objects, bytes] = [0, 0];
    for await (const entries of allPages(store, prefix)) {
      signal?.throwIfAborted();
      // Owners are read after a page was listed: no name on it is newer than its owner.
      this.#last = null;
      const waste: BlobEntry[] = [];
      for (const entry of entries) {
        if (await isWaste(entry)) waste.push(entry);
        await this.#yieldToRequests.yield();
      }
      if (!dryRun && waste.length > 0) await store.delete(waste.map(({ key }) => key));
      if (!dryRun && prefix === 'i/') await this.#restore(waste);
      objects += waste.length;
      bytes = waste.reduce((sum, entry) => sum + entry.bytes, bytes);
    }
    return { objects, bytes };
  }

  /** An upload may have made a marker true between the look at it and its deletion. */
  async #restore(markers: readonly BlobEntry[]): Promise<void> {
    this.#last = null;
    for (const marker of markers) {
      if (await this.#isTrue(marker)) await this.#parts.store.put(marker.key, new Uint8Array());
    }
  }

  async #isReachable({ key }: BlobEntry): Promise<boolean> {
    const original = await this.#ownerOf(idOfVariant(key));
    if (original === 'unreadable') return true;
    return original !== null && key.startsWith(currentPrefix(this.#parts.epoch.value, original));
  }

  async #isSuperseded({ key }: BlobEntry): Promise<boolean> {
    const about = idOfDecision(key);
    if (about !== null) {
      const original = await this.#ownerOf(about);
      return original === null || (original !== 'unreadable' && !key.startsWith(decisionPrefix(original)));
    }
    const named = readOriginalKey(key);
    if (named === null || named.isRecord) return false;
    const original = await this.#ownerOf(named.id);
    if (original === 'unreadable') return false;
    return original?.blob !== key;
  }

  async #isTrue({ key }: BlobEntry): Promise<boolean> {
    const marker = readIndexEntry(key);
    const original = marker === null ? null : await this.#ownerOf(marker.id);
    if (original === 'unreadable') return true;
    return original !== null && indexEntriesOf(original).includes(key);
  }

  /** Objects of a record that cannot be read are kept, since the record may be repaired. */
  async #ownerOf(id: string): Promise<Owner> {
    if (this.#last?.id === id) return this.#last.owner;
    const owner = await this.#parts.originals.peek(id).catch((thrown: unknown) => {
      if (thrown instanceof Failure && thrown.kind === 'damaged-original') return 'unreadable' as const;
      throw thrown;
    });
    this.#last = { id, owner };
    return owner;
  }
}

/** Without what is stored behind each of them. */
function pictures({ objects, bytes }: ObjectCount): ObjectCount {
  return { objects, bytes: bytes - objects * checksumBytes };
}
