import { Failure } from '../../errors.ts';

/** Fetches at once, of all clients and of one. A CDN is few addresses, so one may hold half. */
export const maxFetches = 64;
export const maxFetchesOfClient = 32;

/** Bounds how many pictures are fetched at once; what is beyond is refused, since a slow host would hold up the others. */
export class FetchSlots {
  readonly #held = new Map<string, number>();
  #total = 0;

  /** Throws `overloaded` where all slots are taken, or all of this client. */
  async run<T>(client: string, work: () => Promise<T>): Promise<T> {
    const held = this.#held.get(client) ?? 0;
    if (this.#total >= maxFetches) throw tooMany(`${maxFetches} pictures`);
    if (held >= maxFetchesOfClient) throw tooMany(`${maxFetchesOfClient} pictures for this client`);
    this.#held.set(client, held + 1);
    this.#total += 1;
    try {
      return await work();
    } finally {
      this.#total -= 1;
      const left = (this.#held.get(client) ?? 1) - 1;
      if (left === 0) this.#held.delete(client);
      else this.#held.set(client, left);
    }
  }
}

function tooMany(what: string): Failure {
  return new Failure('overloaded', `${what} are being fetched; retry after 2 s`, { headers: { 'Retry-After': '2' } });
}
