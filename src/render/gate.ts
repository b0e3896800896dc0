import { Failure } from '../errors.ts';
import { type Cost, noCost } from './cost.ts';
import { WaitingRoom } from './waiting-room.ts';

export interface GateLimits {
  /** Renders at once. */
  readonly renders: number;
  /** Renders waiting. */
  readonly queue: number;
  /** Longest wait in milliseconds. */
  readonly queueWait: number;
  /** Bytes of decoded pixels held at once; what alone is above it runs alone. */
  readonly decodeMemory: number;
}

/** For whom something is done, and what it takes. */
export interface Turn {
  /** Who asks: turns go around among clients, so that one with many wishes keeps nobody from having one. */
  readonly client: string;
  /** Aborted once nobody wants it any more: then it waits no longer. */
  readonly signal: AbortSignal | null;
  readonly cost?: Cost;
}

const anybody: Turn = { client: '', signal: null };

/** Milliseconds from which a render is a large one: those leave a place to the small, where there are several. */
const large = 1500;

/** How much the newest render says about the speed of this machine. */
const newest = 0.1;

/**
 * Lets a bounded number of renders, of bounded memory together, run and a bounded number wait a bounded time; refuses
 * everyone else at once, with the time after which to come back. Who would wait too long is told so at the door. In a
 * full queue a client that waits for less takes the place of the newest wish of the one that waits for most.
 */
export class Gate {
  readonly #limits: GateLimits;
  readonly #room = new WaitingRoom();
  /** What runs; a place for each. */
  readonly #running = new Set<Cost>();
  /** Who begins only while nobody else wants to. */
  readonly #patient = new Set<() => void>();
  /** Milliseconds here for an estimated one. */
  #pace = 1;
  #quiet = 0;
  #closed = false;

  constructor(limits: GateLimits) {
    this.#limits = limits;
  }

  get running(): number {
    return this.#running.size;
  }

  get waiting(): number {
    return this.#room.size;
  }

  /** More wait than can run at once. */
  get isCrowded(): boolean {
    return this.waiting > this.#limits.renders;
  }

  /** Bytes of decoded pixels that what runs is thought to hold. */
  get decoding(): number {
    return sum([...this.#running].map(({ memory }) => memory));
  }

  /**
   * Runs `work` when there is room. Throws `overloaded` with Retry-After where the queue is full or the wait is, or would
   * be, too long; `abandoned` where nobody waits.
   */
  async pass<T>(work: () => Promise<T>, turn: Turn = anybody): Promise<T> {
    // A copy: two that cost the same are two.
    const cost = { ...(turn.cost ?? noCost) };
    await this.#enter(turn, cost);
    const begun = performance.now();
    try {
      const result = await work();
      this.#learn(cost, performance.now() - begun);
      return result;
    } finally {
      this.#running.delete(cost);
      this.#admit();
    }
  }

  /**
   * Work whose renders come after those of live requests: it begins while a place is free and nobody waits for one, and
   * takes half of the places at most. Each of its renders passes the gate like any other.
   */
  async quietly<T>(work: () => Promise<T>): Promise<T> {
    const { renders } = this.#limits;
    while (this.running >= renders || this.#quiet >= Math.ceil(renders / 2)) {
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

  async #enter(turn: Turn, cost: Cost): Promise<void> {
    if (this.#closed) throw busy('Draining, try another node', 1000);
    if (turn.signal?.aborted === true) throw abandoned();
    // Whoever waits does not fit, or would not wait.
    if (!this.#room.isImpatient && this.#fits(cost)) {
      this.#room.overtake();
      this.#running.add(cost);
      return;
    }
    if (this.#room.size >= this.#limits.queue) this.#makeRoom(turn.client);
    const expected = this.#expected(turn.client);
    if (expected > this.#limits.queueWait) {
      throw busy(`Expected a free place within ${this.#limits.queueWait} ms but it would take longer`, expected);
    }
    await this.#wait(turn, cost);
  }

  #fits(cost: Cost): boolean {
    const { renders, decodeMemory } = this.#limits;
    if (this.running >= renders) return false;
    if (this.running > 0 && this.decoding + cost.memory > decodeMemory) return false;
    return !this.#isLarge(cost) || renders === 1 || this.#largeRunning < renders - 1;
  }

  #isLarge({ milliseconds }: Cost): boolean {
    return milliseconds * this.#pace >= large;
  }

  get #largeRunning(): number {
    return [...this.#running].filter((cost) => this.#isLarge(cost)).length;
  }

  /** Milliseconds until one more wish of this client would begin: what runs is half done, as far as anybody knows. */
  #expected(client: string): number {
    const running = sum([...this.#running].map(({ milliseconds }) => milliseconds)) / 2;
    return ((running + this.#room.ahead(client)) * this.#pace) / this.#limits.renders;
  }

  #learn({ milliseconds }: Cost, took: number): void {
    if (milliseconds < 1) return;
    const pace = Math.min(20, Math.max(0.05, took / milliseconds));
    this.#pace += newest * (pace - this.#pace);
  }

  /** Throws where nobody waits for more than this client does. */
  #makeRoom(client: string): void {
    const full = busy(`Expected at most ${this.#limits.queue} renders waiting`, this.#expected(client));
    const newest = this.#room.newestOfGreediest(client);
    if (newest === null) throw full;
    newest.refuse(full);
  }

  #wait({ client, signal }: Turn, cost: Cost): Promise<void> {
    return new Promise((resolve, reject) => {
      const { queueWait } = this.#limits;
      const settle = (how: () => void) => () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', leave);
        this.#room.remove(client, waiting);
        how();
      };
      const refuse = (failure: Failure) => settle(() => reject(failure))();
      const leave = () => {
        refuse(abandoned());
        this.#admit();
      };
      const late = () => refuse(busy(`Expected a free place within ${queueWait} ms`, queueWait));
      const timer = setTimeout(late, queueWait);
      const admit = settle(() => {
        this.#running.add(cost);
        resolve();
      });
      const waiting = { cost, admit, refuse };
      signal?.addEventListener('abort', leave, { once: true });
      this.#room.add(client, waiting);
    });
  }

  /** At once, so that a place is never free for a newcomer in between. */
  #admit(): void {
    for (;;) {
      const next = this.#room.next((cost) => this.#fits(cost));
      if (next === null) break;
      next.admit();
    }
    if (this.#room.size === 0 && this.running < this.#limits.renders) this.#callPatient();
  }

  /** All of them: one that finds no place waits on. */
  #callPatient(): void {
    const patient = [...this.#patient];
    this.#patient.clear();
    for (const begin of patient) begin();
  }
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** `milliseconds` after which there may be a place. */
function busy(sentence: string, milliseconds: number): Failure {
  const seconds = Math.min(60, Math.max(1, Math.ceil(milliseconds / 1000)));
  return new Failure('overloaded', sentence, { headers: { 'Retry-After': String(seconds) } });
}

function abandoned(): Failure {
  return new Failure('abandoned', 'Everybody who waited for this has gone');
}
