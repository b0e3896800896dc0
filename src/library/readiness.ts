import type { Cluster, Standing } from '../cluster/cluster.ts';
import type { Renderer } from '../render/renderer.ts';
import type { BlobStore } from '../store/blob-store.ts';
import type { ClockState, SweepClock } from './sweep-clock.ts';

/** How long the store's last answer counts, and how long it may take, in milliseconds. */
const believed = 5000;
const patience = 2000;

/** Whether requests may be sent to this node: it is not draining, can render, and its store of originals answers. */
export class Readiness {
  readonly #store: BlobStore;
  readonly #renderer: Renderer;
  readonly #cluster: Pick<Cluster, 'standing'>;
  readonly #clock: Pick<SweepClock, 'state'>;
  #draining = false;
  #answers = true;
  #askedAt = performance.now();

  constructor(
    store: BlobStore,
    renderer: Renderer,
    cluster: Pick<Cluster, 'standing'>,
    clock: Pick<SweepClock, 'state'>,
  ) {
    this.#store = store;
    this.#renderer = renderer;
    this.#cluster = cluster;
    this.#clock = clock;
  }

  /** Said, but no reason to stay away: a node that is apart goes on alone. */
  get standing(): Standing {
    return this.#cluster.standing;
  }

  /** Said, but no reason to stay away: only deletion by age has stopped. */
  get clock(): ClockState {
    return this.#clock.state;
  }

  drain(): void {
    this.#draining = true;
  }

  /** A word for each thing that stands in the way; empty = ready. */
  async check(): Promise<readonly string[]> {
    if (performance.now() - this.#askedAt > believed) {
      this.#askedAt = performance.now();
      this.#answers = await this.#storeAnswers();
    }
    return [
      ...(this.#draining ? ['draining'] : []),
      ...(this.#renderer.isAlive() ? [] : ['no rendering process']),
      ...(this.#answers ? [] : ['store does not answer']),
    ];
  }

  async #storeAnswers(): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => resolve(false), patience);
    });
    const probe = this.#store.probe().then(
      () => true,
      () => false,
    );
    return Promise.race([probe, late]).finally(() => clearTimeout(timer));
  }
}
