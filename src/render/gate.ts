import { Failure } from '../errors.ts';

export interface GateLimits {
  /** Renders at once. */
  readonly renders: number;
  /** Renders waiting. */
  readonly queue: number;
  /** Longest wait in milliseconds. */
  readonly queueWait: number;
}

/** For whom something is done. */
export interface Turn {
  /** Who asks: turns go around among clients, so that one with many wishes keeps nobody from having one. */
  readonly client: string;
  /** Aborted once nobody wants it any more: then it waits no longer. */
  readonly signal: AbortSignal | null;
}

const anybody: Turn = { client: '', signal: null };

interface Waiting {
  readonly admit: () => void;
  readonly refuse: (failure: Failure) => void;
}

/**
 * Lets a bounded number of renders run and a bounded number wait a bounded time; refuses everyone else at once. In a full
 * queue a client that waits for less takes the place of the newest wish of the one that waits for most.
 */
export class Gate {
  readonly #limits: GateLimits;
  /** Clients in the order of their turns, with what each waits for. */
  readonly #queues = new Map<string, Set<Waiting>>();
  #waiting = 0;
  /** Who begins only while nobody else wants to. */
  readonly #patient = new Set<() => void>();
  #running = 0;
  #quiet = 0;
  #closed = false;

  constructor(limits: GateLimits) {
    this.#limits = limits;
  }

  get running(): number {
    return this.#running;
  }

  get waiting(): number {
    return this.#waiting;
  }

  /** More wait than can run at once. */
  get isCrowded(): boolean {
    return this.#waiting > this.#limits.renders;
  }

  /** Runs `work` when there is room. Throws `overloaded` with Retry-After where the queue or the wait is full, `abandoned` where nobody waits. */
  async pass<T>(work: () => Promise<T>, turn: Turn = anybody): Promise<T> {
    await this.#enter(turn);
    try {
      return await work();
    } finally {
      this.#leave();
    }
  }

  /**
   * Work whose renders come after those of live requests: it begins while a place is free and nobody waits for one, and
   * takes half of the places at most. Each of its renders passes the gate like any other.
   */
  async quietly<T>(work: () => Promise<T>): Promise<T> {
    const { renders } = this.#limits;
    while (this.#running >= renders || this.#quiet >= Math.ceil(renders / 2)) {
      await new Promise<void>((resolve) => this.#patient.add(resolve));
    }
    this.#quiet += 1;
    try {
      return await work();
    } finally {
      this.#quiet -= 1;
      this.#callPatient();
    }
  }

  /** Refuses whoever comes from now on; what runs or waits is finished. */
  close(): void {
    this.#closed = true;
  }

  async #enter(turn: Turn): Promise<void> {
    if (this.#closed) throw busy('Draining, try another node', 1);
    if (turn.signal?.aborted === true) throw abandoned();
    if (this.#running < this.#limits.renders) {
      this.#running += 1;
      return;
    }
    if (this.#waiting >= this.#limits.queue) this.#makeRoom(turn.client);
    await this.#wait(turn);
  }

  /** Throws where nobody waits for more than this client does. */
  #makeRoom(client: string): void {
    const full = busy(`Expected at most ${this.#limits.queue} renders waiting`, 1);
    const [longest] = [...this.#queues.values()].sort((a, b) => b.size - a.size);
    const own = this.#queues.get(client)?.size ?? 0;
    if (longest === undefined || longest.size <= own + 1) throw full;
    [...longest].at(-1)?.refuse(full);
  }

  #wait({ client, signal }: Turn): Promise<void> {
    return new Promise((resolve, reject) => {
      const { queueWait } = this.#limits;
      const settle = (how: () => void) => () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', leave);
        this.#remove(client, waiting);
        how();
      };
      const refuse = (failure: Failure) => settle(() => reject(failure))();
      const leave = () => refuse(abandoned());
      const late = () => refuse(busy(`Expected a free place within ${queueWait} ms`, Math.ceil(queueWait / 1000)));
      const timer = setTimeout(late, queueWait);
      const waiting: Waiting = { admit: settle(resolve), refuse };
      signal?.addEventListener('abort', leave, { once: true });
      this.#waiting += 1;
      this.#queues.set(client, (this.#queues.get(client) ?? new Set()).add(waiting));
    });
  }

  #remove(client: string, waiting: Waiting): void {
    const queue = this.#queues.get(client);
    if (queue?.delete(waiting) !== true) return;
    this.#waiting -= 1;
    if (queue.size === 0) this.#queues.delete(client);
  }

  /** The place goes to whoever waits longest of the client whose turn it is, so it is never free for a newcomer in between. */
  #leave(): void {
    const [first] = this.#queues;
    if (first === undefined) {
      this.#running -= 1;
      return this.#callPatient();
    }
    const [client, queue] = first;
    const [next] = queue;
    // Its next turn comes after everybody else's.
    this.#queues.delete(client);
    this.#queues.set(client, queue);
    next?.admit();
  }

  /** All of them: one that finds no place waits on. */
  #callPatient(): void {
    const patient = [...this.#patient];
    this.#patient.clear();
    for (const begin of patient) begin();
  }
}

function busy(sentence: string, retryAfter: number): Failure {
  return new Failure('overloaded', sentence, { headers: { 'Retry-After': String(retryAfter) } });
}

function abandoned(): Failure {
  return new Failure('abandoned', 'Everybody who waited for this has gone');
}
