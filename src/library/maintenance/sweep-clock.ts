import type { Report } from '../../observability/report.ts';
import type { BlobStore } from '../../store/blob-store.ts';
import type { SweepRequest } from '../object-count.ts';
import { DeletionMarks } from './deletion-marks.ts';
import {
  type Moment,
  momentAt,
  readSweepRecord,
  type SweepRecord,
  UptimeLedger,
  writeSweepRecord,
} from './sweep-record.ts';

/** `skewed`: differs from the store's clock. `jumped`: differs from the last sweep plus the uptime since then. */
export type ClockState = 'ok' | 'skewed' | 'jumped';

/** A sweep under way. */
export interface SweepRun extends SweepRequest {
  /** Milliseconds since 1970, by the clock that sweeps go by. */
  readonly now: number;
  /** Unless it is `ok`, nothing is deleted by age. */
  readonly clock: ClockState;
  readonly marks: DeletionMarks;
}

const day = 86_400_000;
/** Milliseconds that the node's clock and the store's may differ. */
const maxSkew = 300_000;
/** Milliseconds that the clock may differ from the last sweep plus the uptime since then. */
const maxJump = day;
/** Milliseconds of uptime after which a clock that jumped once, and runs evenly since then, is trusted. */
const probation = 7 * day;

/**
 * The time that sweeps go by, and whether it is trusted: nothing is deleted by age unless the state is `ok`. It is the
 * store's own clock where the store has one, else the node's.
 */
export class SweepClock {
  readonly #store: BlobStore;
  readonly #report: Report;
  readonly #uptimes = new UptimeLedger();
  #record: SweepRecord;

  private constructor(store: BlobStore, report: Report, record: SweepRecord) {
    this.#store = store;
    this.#report = report;
    this.#record = record;
    this.#hold(record);
  }

  /** Reads what the last sweep left. Where there was none, this moment is the first that the clock is compared with. */
  static async open(store: BlobStore, report: Report): Promise<SweepClock> {
    const found = await readSweepRecord(store);
    const record = found ?? { trusted: momentAt(store.clock() ?? Date.now()), doubted: null, marks: null };
    if (found === null) await writeSweepRecord(store, record);
    const clock = new SweepClock(store, report, record);
    clock.#reportState();
    return clock;
  }

  /** Milliseconds since 1970. */
  get now(): number {
    return this.#store.clock() ?? Date.now();
  }

  /** Milliseconds by which the node's clock is ahead of the store's; 0 where the store has none. */
  get skew(): number {
    return Date.now() - this.now;
  }

  /** As of now, without asking the store: for `/readyz` and metrics. */
  get state(): ClockState {
    if (Math.abs(this.skew) > maxSkew) return 'skewed';
    return this.#isSteady ? 'ok' : 'jumped';
  }

  /** Begins a sweep where the last one ended, on whichever node that was. */
  async begin(request: SweepRequest): Promise<SweepRun> {
    const record = await readSweepRecord(this.#store);
    if (record !== null) this.#hold(record);
    const { marks } = this.#record;
    this.#reportState();
    const uptime = marks === null ? 0 : this.#uptimes.of(marks);
    return { ...request, now: this.now, clock: this.state, marks: new DeletionMarks(marks, uptime) };
  }

  /** Ends a sweep: leaves its marks, and its time where that is trusted, to the next one. */
  async end({ marks }: SweepRun): Promise<void> {
    const { trusted, doubted } = this.#record;
    const now = this.now;
    const record = {
      ...(this.#isSteady
        ? { trusted: momentAt(now), doubted: null }
        : {
            trusted: this.#counted(trusted),
            doubted: doubted !== null && this.#fits(doubted) ? this.#counted(doubted) : momentAt(now),
          }),
      marks: marks.next(now),
    };
    await writeSweepRecord(this.#store, record);
    this.#hold(record);
  }

  get #isSteady(): boolean {
    const { trusted, doubted } = this.#record;
    if (this.#fits(trusted)) return true;
    return doubted !== null && this.#fits(doubted) && this.#uptimes.of(doubted) >= probation;
  }

  #fits(moment: Moment): boolean {
    return Math.abs(this.now - moment.at - this.#uptimes.of(moment)) <= maxJump;
  }

  #counted(moment: Moment): Moment {
    return { ...moment, uptime: this.#uptimes.of(moment) };
  }

  #hold(record: SweepRecord): void {
    this.#record = record;
    const moments = [record.trusted, record.doubted, record.marks];
    this.#uptimes.keep(moments);
    // From here on this process counts for them.
    for (const moment of moments) if (moment !== null) this.#uptimes.of(moment);
  }

  #reportState(): void {
    const { state } = this;
    if (state === 'ok') return;
    const what =
      state === 'skewed'
        ? `the clock of this node differs from that of the store by ${Math.round(this.skew / 1000)} s`
        : 'the clock differs by more than a day from the last sweep plus the uptime since then';
    this.#report(`Deletion by age has stopped: ${what}`, null);
  }
}
