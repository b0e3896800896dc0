import { Failure } from '../../errors.ts';
import type { HttpContext } from './route.ts';

/** Answers below this many bytes fit into the kernel's buffers and are not counted. */
const minCounted = 16_384;

/**
 * Counts the bytes of answers that were handed to sockets and that the kernel has not taken yet, in all and for each client.
 * While the sum is exceeded a client with more than half of it is refused. Others may go on to twice the sum: a slow client
 * never stops the hits of a CDN. One answer alone always passes.
 */
export class BytesInFlight {
  readonly #max: number;
  readonly #clientOf: (context: HttpContext) => string;
  readonly #held = new Map<string, number>();
  #total = 0;

  constructor(max: number, clientOf: (context: HttpContext) => string) {
    this.#max = max;
    this.#clientOf = clientOf;
  }

  get total(): number {
    return this.#total;
  }

  /** Counts an answer until its connection is done with it. Throws `overloaded` where it would be too much. */
  hold(context: HttpContext, bytes: number): void {
    const { outgoing } = context.env ?? {};
    if (bytes < minCounted || outgoing === undefined) return;
    const client = this.#clientOf(context);
    if (!this.#mayHold(client, bytes)) {
      throw new Failure('overloaded', 'Too many bytes are on their way to slow clients; retry after 2 s', {
        headers: { 'Retry-After': '2' },
      });
    }
    this.#add(client, bytes);
    outgoing.once('close', () => this.#add(client, -bytes));
  }

  #mayHold(client: string, bytes: number): boolean {
    const held = this.#held.get(client) ?? 0;
    if (held === 0 || this.#total + bytes <= this.#max) return true;
    return held + bytes <= this.#max / 2 && this.#total + bytes <= 2 * this.#max;
  }

  #add(client: string, bytes: number): void {
    this.#total += bytes;
    const held = (this.#held.get(client) ?? 0) + bytes;
    if (held === 0) this.#held.delete(client);
    else this.#held.set(client, held);
  }
}
