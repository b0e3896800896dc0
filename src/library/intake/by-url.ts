import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { SingleFlight } from '../../concurrency/single-flight.ts';
import { Failure } from '../../errors.ts';
import { notAllowed } from '../../source/source.ts';
import { idOfPath } from '../../transform/id.ts';
import type { Originals } from '../originals/originals.ts';
import { unsignedFetchTag } from '../originals/unsigned-fetches.ts';
import { FetchSlots } from './fetch-slots.ts';
import type { Ingest } from './ingest.ts';
import type { UnsignedFetchCap } from './unsigned-fetch-cap.ts';

export interface RemoteOriginalsOptions {
  /** Where ids that are not stored are looked up, as it was configured; null: nowhere. */
  readonly source: string | null;
  /** Whether anything may be fetched from the web. */
  readonly fetches: boolean;
  readonly originals: Pick<Originals, 'known' | 'find'>;
  readonly ingest: Pick<Ingest, 'storeFromUrl' | 'store'>;
  /** Counts what URLs without a signature had fetched. */
  readonly unsigned: Pick<UnsignedFetchCap, 'admit'>;
}

/** For which client a picture is fetched, and whether its URL carries a signature. */
export interface FetchRequest {
  readonly client: string;
  readonly isSigned: boolean;
}

/** How long it is remembered that a URL brought nothing. */
const failedFor = 10_000;
const maxRemembered = 10_000;

/**
 * Pictures that are named by a URL. What lies below our source is the source's, by its path. Everything else is fetched once,
 * from where the operator allows it, and kept as `web:{host}:{hash of the URL}` until it is deleted.
 */
export class RemoteOriginals {
  readonly #parts: RemoteOriginalsOptions;
  readonly #base: string | null;
  readonly #fetches = new SingleFlight<void>();
  readonly #slots = new FetchSlots();
  readonly #failed = new LRUCache<string, Failure>({ max: maxRemembered, ttl: failedFor });

  constructor(parts: RemoteOriginalsOptions) {
    this.#parts = parts;
    this.#base = parts.source === null ? null : baseOf(parts.source);
  }

  /** The id of what a URL names. `fetched` is false where it is found like any other id. Throws `forbidden`. */
  idOf(url: string): { readonly id: string; readonly fetched: boolean } {
    const path = this.#pathBelow(url);
    if (path !== null) return { id: idOfPath(path), fetched: false };
    if (!this.#parts.fetches || !/^https?:/i.test(url) || !URL.canParse(url)) throw notAllowed();
    const named = new URL(url);
    // No server sees it, so it names no other picture.
    named.hash = '';
    const { href, hostname } = named;
    const hash = createHash('sha256').update(href).digest('hex').slice(0, 32);
    const host = /^[a-z0-9.-]{1,100}$/.test(hostname) ? hostname : 'address';
    return { id: `web:${host}:${hash}`, fetched: true };
  }

  /** Sees to it that the original is there. Throws `forbidden`, `source-unreachable` or what the door says of the picture. */
  async bring(id: string, url: string, request: FetchRequest): Promise<void> {
    const { originals } = this.#parts;
    if (originals.known(id) !== undefined) return;
    const failed = this.#failed.get(id);
    if (failed !== undefined) throw failed;
    await this.#fetches.join(id, async () => {
      if ((await originals.find(id)) === null)
        await this.#slots.run(request.client, () => this.#fetch(id, url, request));
    });
  }

  async #fetch(id: string, url: string, { isSigned }: FetchRequest): Promise<void> {
    const { ingest, unsigned } = this.#parts;
    if (!isSigned) await unsigned.admit();
    try {
      await ingest.store({
        id,
        tags: isSigned ? null : [unsignedFetchTag],
        focalPoint: null,
        body: ingest.storeFromUrl(url),
        precondition: mustBeNew,
      });
    } catch (thrown) {
      if (!(thrown instanceof Failure)) throw thrown;
      if (thrown.kind === 'precondition') return;
      this.#failed.set(id, thrown);
      throw thrown;
    }
  }

  #pathBelow(url: string): string | null {
    const whole = baseOf(url, '');
    if (this.#base === null || !whole.startsWith(this.#base)) return null;
    const rest = whole.slice(this.#base.length);
    if (rest === '' || /[?#]/.test(rest)) return null;
    try {
      return decodeURIComponent(rest);
    } catch {
      return null;
    }
  }
}

/** http and https are one place. */
function baseOf(url: string, end = '/'): string {
  const whole = /^https?:/i.test(url) && URL.canParse(url) ? new URL(url).href.replace(/^https?:/, '') : url;
  return whole.endsWith('/') ? whole : whole + end;
}

function mustBeNew(current: unknown): void {
  if (current !== null) throw new Failure('precondition', 'Another request has stored this id meanwhile');
}
