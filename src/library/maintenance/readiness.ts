import { setTimeout as delay } from 'node:timers/promises';
import type { Cluster, ClusterState } from '../../cluster/cluster.ts';
import type { Renderer } from '../../render/workers/renderer.ts';
import type { BlobStore } from '../../store/blob-store.ts';
import { checkStore, type StoreHealth } from '../../store/store-health.ts';
import { checkDisks, type DiskHealth } from './disk-health.ts';
import type { ClockState, SweepClock } from './sweep-clock.ts';

/** The body of `GET /readyz`. */
export interface ReadinessReport {
  readonly status: 'ready' | 'not ready';
  /** What keeps requests away; empty = ready. */
  readonly reasons: readonly string[];
  readonly store: StoreHealth;
  readonly redis: 'off' | 'joined' | 'disconnected';
  readonly disk: DiskHealth;
  readonly clock: ClockState;
  /** Rendering processes that could take a render. */
  readonly renderers: number;
}

export interface ReadinessOptions {
  readonly store: BlobStore;
  readonly renderer: Pick<Renderer, 'countAlive'>;
  readonly cluster: Pick<Cluster, 'state'>;
  /** Folders this process writes to. */
  readonly folders: readonly string[];
  /** Bytes of the largest upload: a disk with less than that is low. */
  readonly largestUpload: number;
  readonly clock: Pick<SweepClock, 'state'>;
}

/** Milliseconds that the last look at store and disks counts, and that one may take. */
const maxAge = 5000;
const maxPoll = 2000;

/** Milliseconds a plain question waits for a look that is under way: probes of load balancers give up after a second. */
const maxWait = 250;

const redisStates = { single: 'off', joined: 'joined', disconnected: 'disconnected' } as const satisfies Record<
  ClusterState,
  string
>;

/**
 * Whether requests may be sent to this node. A node is ready while it is not draining and a renderer lives: without its store
 * it still answers what it has, and a load balancer that took every node away would turn an outage of the store into one of
 * all pictures.
 */
export class Readiness {
  readonly #options: ReadinessOptions;
  #draining = false;
  #store: StoreHealth = 'ok';
  #disk: DiskHealth = 'ok';
  #poll: Promise<unknown> = Promise.resolve();
  #lookedAt = Number.NEGATIVE_INFINITY;

  constructor(options: ReadinessOptions) {
    this.#options = options;
  }

  drain(): void {
    this.#draining = true;
  }

  /** `strict`: the state of store, Redis, disk and clock counts too, and the report waits for it. */
  async check(strict: boolean): Promise<ReadinessReport> {
    if (performance.now() - this.#lookedAt > maxAge) {
      this.#lookedAt = performance.now();
      this.#poll = this.#lookAround();
    }
    await Promise.race([this.#poll, delay(strict ? maxPoll : maxWait, null, { ref: false })]);
    const { renderer, cluster, clock } = this.#options;
    const renderers = renderer.countAlive();
    const states = {
      store: this.#store,
      redis: redisStates[cluster.state],
      disk: this.#disk,
      clock: clock.state,
    };
    const reasons = [
      ...(this.#draining ? ['draining'] : []),
      ...(renderers > 0 ? [] : ['no rendering process']),
      ...(strict ? reasonsIn(states) : []),
    ];
    return { status: reasons.length === 0 ? 'ready' : 'not ready', reasons, ...states, renderers };
  }

  async #lookAround(): Promise<void> {
    const { store, folders, largestUpload } = this.#options;
    const late = delay(maxPoll, 'unreachable' as const, { ref: false });
    const disk = checkDisks(folders, largestUpload).then((health) => {
      this.#disk = health;
    });
    this.#store = await Promise.race([checkStore(store), late]);
    await Promise.race([disk, late]);
  }
}

const fine = new Set(['ok', 'off', 'joined']);

function reasonsIn(states: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(states).flatMap(([name, state]) => (fine.has(state) ? [] : [`${name} ${state}`]));
}
