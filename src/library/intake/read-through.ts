import { LRUCache } from 'lru-cache';
import { SingleFlight } from '../../concurrency/single-flight.ts';
import { Failure, shorten } from '../../errors.ts';
import type { Report } from '../../observability/report.ts';
import type { Source } from '../../source/source.ts';
import { idOfPath, pathOfId } from '../../transform/id.ts';
import type { Original } from '../original.ts';
import type { Originals, Precondition } from '../originals/originals.ts';
import { isReference } from '../originals/references.ts';
import type { VariantLibrary } from '../variants/naming.ts';
import type { Ingest } from './ingest.ts';

/** Originals as those see them who only look. */
export type OriginalLookup = Pick<Originals, 'known' | 'find' | 'describe' | 'read' | 'invalidate'>;

export interface ReadThroughOptions {
  readonly originals: Originals;
  readonly source: Source;
  readonly ingest: Ingest;
  readonly library: VariantLibrary;
  /** Milliseconds for which what was seen in the source is believed. */
  readonly freshFor: number;
  readonly report: Report;
}

/** How long it is remembered that the source has nothing, or nothing we take, under an id; and that it did not answer. */
const missingFor = 10_000;
const downFor = 2000;
const maxRemembered = 100_000;

/**
 * Originals, and behind them a source of pictures: an id that is not stored is looked up there, once however many ask, goes
 * through the same door as any upload, and is referenced or copied. What came from there is looked at again in the
 * background; an upload always wins over it. Ids are paths with `:` for `/`, or `path~` and base64url where no id can spell them.
 */
export class ReadThrough implements OriginalLookup {
  readonly #parts: ReadThroughOptions;
  readonly #lookups = new SingleFlight<Original | null>();
  readonly #absent = new LRUCache<string, { readonly failure: Failure | null }>({ max: maxRemembered });
  readonly #seenAt = new LRUCache<string, number>({ max: maxRemembered });
  readonly #moved = new Set<string>();

  constructor(parts: ReadThroughOptions) {
    this.#parts = parts;
  }

  /** Told by whoever reads that other bytes stand at a path by now: the next who asks waits until they were looked at. */
  moved(path: string): void {
    this.#moved.add(idOfPath(path));
  }

  known(id: string): Original | undefined {
    const original = this.#parts.originals.known(id);
    if (original === undefined || this.#moved.has(id)) return undefined;
    this.#lookAgainSoon(original);
    return original;
  }

  /** Throws `source-unreachable`, or what the door says of what stands there. */
  async find(id: string): Promise<Original | null> {
    const original = await this.#parts.originals.find(id);
    if (original === null) return this.#lookUp(id);
    if (this.#moved.has(id)) return this.#lookAgain(original);
    this.#lookAgainSoon(original);
    return original;
  }

  async describe(id: string): Promise<Original> {
    const found = await this.find(id);
    if (found === null) throw new Failure('missing-original', `No original has the id "${shorten(id)}"`);
    return found;
  }

  read: OriginalLookup['read'] = (original, range) => this.#parts.originals.read(original, range);

  invalidate(id: string): void {
    this.#parts.originals.invalidate(id);
  }

  async #lookUp(id: string): Promise<Original | null> {
    const absent = this.#absent.get(id);
    if (absent === undefined) return (await this.#lookups.join(id, () => this.#bring(id, null))).value;
    if (absent.failure !== null) throw absent.failure;
    return null;
  }

  #lookAgainSoon(original: Original): void {
    const { freshFor, report } = this.#parts;
    const { id, source } = original;
    if (source === null || performance.now() - (this.#seenAt.get(id) ?? Number.NEGATIVE_INFINITY) < freshFor) return;
    this.#seenAt.set(id, performance.now());
    void this.#lookAgain(original).catch((cause: unknown) =>
      report('A picture could not be looked at in its source', cause),
    );
  }

  async #lookAgain(original: Original): Promise<Original | null> {
    return (await this.#lookups.join(original.id, () => this.#bring(original.id, original))).value;
  }

  /** Brings what stands in the source now, unless it is what is known already. */
  async #bring(id: string, known: Original | null): Promise<Original | null> {
    try {
      const found = await this.#take(id, known);
      if (found === null) this.#absent.set(id, { failure: null }, { ttl: missingFor });
      return found;
    } catch (thrown) {
      if (!(thrown instanceof Failure)) throw thrown;
      // Somebody has stored, changed or deleted it meanwhile, and knows better.
      if (thrown.kind === 'precondition') return this.#parts.originals.find(id);
      const ttl = thrown.kind === 'not-an-image' || thrown.kind === 'refused-image' ? missingFor : downFor;
      if (known === null) this.#absent.set(id, { failure: thrown }, { ttl });
      throw thrown;
    } finally {
      this.#moved.delete(id);
      this.#seenAt.set(id, performance.now());
    }
  }

  async #take(id: string, known: Original | null): Promise<Original | null> {
    const path = pathOfId(id);
    const precondition = isUnchanged(known);
    const { source, ingest } = this.#parts;
    if (source.kind === 'copy') {
      const got = await source.get(path, known?.source ?? null);
      if (got === 'same') return known;
      if (got === null) return this.#gone(known, precondition);
      const { validator, body } = got;
      const about = { id, tags: null, focalPoint: null, source: validator };
      return (await ingest.store({ ...about, body, precondition })).original;
    }
    const validator = await source.peek(path);
    if (validator === null) return this.#gone(known, precondition);
    if (validator === known?.source && isReference(known.blob)) return known;
    const file = await source.localPath(path, validator);
    if (file === null)
      throw new Failure('source-unreachable', 'Expected a picture that stays but it is being replaced');
    try {
      return (await ingest.reference({ id, path, validator, file: file.path, precondition })).original;
    } finally {
      file.release();
    }
  }

  async #gone(known: Original | null, precondition: Precondition): Promise<null> {
    if (known !== null) await this.#parts.library.remove(known.id, precondition);
    return null;
  }
}

/** What is brought only ever replaces what was known when it was looked for. */
function isUnchanged(known: Original | null): Precondition {
  return (current) => {
    if (current?.generation === known?.generation) return;
    throw new Failure('precondition', 'Somebody else has stored this id meanwhile');
  };
}
