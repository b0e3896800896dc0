import { Failure } from '../../errors.ts';
import type { FormatName } from '../../formats/format.ts';
import { formats } from '../../formats/index.ts';
import { parseTransform } from '../../transform/grammar.ts';
import { splitImagePath } from '../../transform/image-path.ts';
import { type ReportOnlyLadder, snapToRungs } from '../../transform/ladder.ts';
import { resolveTransform } from '../../transform/resolve.ts';
import type { Presets, RequestedTransform } from '../../transform/transform.ts';
import type { Original } from '../original.ts';
import type { Listing } from '../originals/listing.ts';
import type { Originals } from '../originals/originals.ts';
import type { FormatSelection } from '../selection/format-choice.ts';
import { readVariantName } from '../storage-keys.ts';
import { add, type ForgottenVariants, nothingForgotten, type VariantLibrary } from '../variants/naming.ts';

/** Of stored variants: all that is said must hold. */
export type Where = {
  readonly format: FormatName | null;
  /** Pixels. */
  readonly widerThan: number | null;
  /** Milliseconds since 1970: made before. */
  readonly olderThan: number | null;
};

/** What is to be forgotten; plain JSON, since a job may have to do it. */
export type PurgeOrder = {
  readonly ids: readonly string[];
  readonly prefix: string | null;
  readonly tags: readonly string[];
  /** Whatever was made by one of these presets, of all originals. */
  readonly presets: readonly string[];
  /** These spellings alone; null: all. */
  readonly variants: readonly string[] | null;
  readonly where: Where | null;
  /** CDNs mark stale instead of forgetting; what is kept here goes either way. */
  readonly soft: boolean;
  readonly dryRun: boolean;
};

/** What was forgotten here, and what of it failed. */
export type PurgeCounts = ForgottenVariants & {
  /** Sentences that may be shown. */
  readonly errors: readonly string[];
  /** Ids of which something is left. */
  readonly failed: readonly string[];
};

export const noPurgeCounts: PurgeCounts = { ...nothingForgotten, errors: [], failed: [] };

export function addPurgeCounts(a: PurgeCounts, b: PurgeCounts): PurgeCounts {
  return { ...add(a, b), errors: [...a.errors, ...b.errors], failed: [...a.failed, ...b.failed] };
}

export interface LocalPurgeOptions {
  readonly library: VariantLibrary;
  readonly originals: Originals;
  readonly listing: Listing;
  readonly formatSelection: FormatSelection;
  readonly presets: Presets;
  readonly ladder: ReportOnlyLadder;
}

/** Originals worked on at a time. */
const atOnce = 8;
const maxErrors = 10;

/** Forgets by id, prefix, tag and preset, all or some variants. Tells no CDN: whoever asks for it does, between two steps. */
export class LocalPurge {
  readonly #parts: LocalPurgeOptions;

  constructor(parts: LocalPurgeOptions) {
    this.#parts = parts;
  }

  /** What an order names, a page at a time, each id once; a tag or prefix may name what is gone. Presets name all there is. */
  async *ids({ ids, prefix, tags }: PurgeOrder): AsyncGenerator<readonly string[]> {
    const { listing } = this.#parts;
    const seen = new Set<string>();
    const fresh = (page: readonly string[]) => {
      const some = [...new Set(page)].filter((id) => !seen.has(id));
      for (const id of some) seen.add(id);
      return some;
    };
    yield fresh(ids);
    if (prefix !== null) for await (const page of listing.ids({ by: 'prefix', prefix })) yield fresh(page);
    for (const tag of tags) for await (const page of listing.ids({ by: 'tag', tag })) yield fresh(page);
  }

  /**
   * The first step, after which nobody is answered with what was made before: whoever renames an original makes all of it
   * unreachable at once. Where only some variants are meant, it takes them away.
   */
  hide(ids: readonly string[], order: PurgeOrder): Promise<PurgeCounts> {
    const { library } = this.#parts;
    if (order.dryRun && isWhole(order)) return this.#each(ids, (id) => library.weigh(id));
    if (isWhole(order)) return this.#each(ids, (id) => library.rename(id));
    return this.#each(ids, (id) => this.#forgetSome(id, order));
  }

  /** The second step: the bytes of what was hidden. */
  clear(ids: readonly string[], order: PurgeOrder): Promise<PurgeCounts> {
    if (order.dryRun || !isWhole(order)) return Promise.resolve(noPurgeCounts);
    return this.#each(ids, (id) => this.#parts.library.drop(id));
  }

  /** Which of these ids have no original. A store that does not answer is left to the purge itself to report. */
  async unknown(ids: readonly string[]): Promise<readonly string[]> {
    const found: string[] = [];
    for (let first = 0; first < ids.length; first += atOnce) {
      const some = ids.slice(first, first + atOnce);
      const originals = await Promise.all(some.map((id) => this.#parts.originals.confirmed(id).catch(() => undefined)));
      found.push(...some.filter((_id, at) => originals[at] === null));
    }
    return found;
  }

  /** One spelling of one original, in every format it can give. Throws `unfit-words`, `over-limit` and the like. */
  async purgeSpelling(id: string, transform: RequestedTransform): Promise<ForgottenVariants> {
    const original = await this.#parts.originals.confirmed(id);
    if (original === null) return nothingForgotten;
    let sum = { ...nothingForgotten, originals: 1 };
    for (const key of await this.#keysOf(original, transform)) {
      sum = add(sum, await this.#parts.library.purgeVariant(key));
    }
    return sum;
  }

  /** Variants of a selection by their spelling and by what their names say. */
  async #forgetSome(id: string, { variants, where, presets, dryRun }: PurgeOrder): Promise<ForgottenVariants> {
    const { library, originals } = this.#parts;
    const original = await originals.confirmed(id);
    if (original === null) return nothingForgotten;
    const asked = [variants ?? [], presets].filter((spellings) => spellings.length > 0);
    const meant = await Promise.all(asked.map((spellings) => this.#meant(original, spellings)));
    const isMeant = (key: string) => meant.every((keys) => keys.has(key));
    let sum: ForgottenVariants = { ...nothingForgotten, originals: 1 };
    const [named] = meant;
    if (where === null && !dryRun && named !== undefined) {
      // Also what is only being made: that is not kept.
      for (const key of named) if (isMeant(key)) sum = add(sum, await library.purgeVariant(key));
      return sum;
    }
    for (const [key, { bytes, modified }] of await library.kept(original)) {
      if (!isMeant(key) || (where !== null && !holds(where, key, modified))) continue;
      const weight = { ...nothingForgotten, bucket: { objects: modified === null ? 0 : 1, bytes } };
      sum = add(sum, dryRun ? weight : await library.purgeVariant(key));
    }
    return sum;
  }

  async #meant(original: Original, spellings: readonly string[]): Promise<ReadonlySet<string>> {
    const keys = new Set<string>();
    for (const words of spellings) {
      for (const key of await this.#keysOf(original, this.read(words)).catch(ifUnfit)) keys.add(key);
    }
    return keys;
  }

  /** Words as they stand behind an id. Throws `bad-words`. */
  read(words: string): RequestedTransform {
    const { presets, ladder } = this.#parts;
    return snapToRungs(parseTransform(splitImagePath(`/img/x/${words}`, '/img/'), presets), ladder);
  }

  /** Names of all that a spelling can be answered with. */
  async #keysOf(original: Original, transform: RequestedTransform): Promise<readonly string[]> {
    const keys = new Set<string>();
    for (const accept of acceptsOf(transform)) {
      const meant = await this.#parts.formatSelection.formatsMeant(original, resolveTransform(transform, { accept }));
      for (const { key } of meant) keys.add(key);
    }
    return [...keys];
  }

  async #each(ids: readonly string[], work: (id: string) => Promise<ForgottenVariants>): Promise<PurgeCounts> {
    let sum = noPurgeCounts;
    for (let first = 0; first < ids.length; first += atOnce) {
      const done = ids.slice(first, first + atOnce).map(async (id): Promise<PurgeCounts> => {
        try {
          return { ...(await work(id)), errors: [], failed: [] };
        } catch (thrown) {
          if (!(thrown instanceof Failure)) throw thrown;
          return { ...noPurgeCounts, errors: [`${id}: ${thrown.message}`], failed: [id] };
        }
      });
      for (const each of await Promise.all(done)) sum = addPurgeCounts(sum, each);
    }
    return { ...sum, errors: sum.errors.slice(0, maxErrors) };
  }
}

/** Whether all variants of what is named are meant. */
function isWhole({ variants, where, presets }: PurgeOrder): boolean {
  return variants === null && where === null && presets.length === 0;
}

/** One client for every answer that a spelling can have. */
function acceptsOf({ answer }: RequestedTransform): readonly (string | null)[] {
  return answer.f === 'auto' ? ['image/avif', 'image/webp', null] : [null];
}

function holds({ format, widerThan, olderThan }: Where, key: string, modified: number | null): boolean {
  const name = readVariantName(key);
  if (name === null) return false;
  if (format !== null && formats[format].extensions[0] !== name.extension) return false;
  if (widerThan !== null && name.width <= widerThan) return false;
  return olderThan === null || (modified !== null && modified < olderThan);
}

/** What a spelling cannot make of an original was never made. */
function ifUnfit(thrown: unknown): readonly string[] {
  if (thrown instanceof Failure && ['unfit-words', 'over-limit', 'missing-layer'].includes(thrown.kind)) return [];
  throw thrown;
}
