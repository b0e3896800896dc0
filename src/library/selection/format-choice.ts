import { SingleFlight } from '../../concurrency/single-flight.ts';
import type { FormatName } from '../../formats/format.ts';
import { formats } from '../../formats/index.ts';
import { formatNames } from '../../formats/names.ts';
import { isAnimation } from '../../render/planning/frames.ts';
import type { RenderPlan } from '../../render/planning/plan.ts';
import { candidatesFor } from '../../transform/negotiate.ts';
import type { Bucket, QualityAim, ResolvedTransform } from '../../transform/transform.ts';
import type { Original } from '../original.ts';
import type { VariantLibrary } from '../variants/naming.ts';
import type { Obtained } from '../variants/obtained.ts';
import type { VariantSpec } from '../variants/spec.ts';
import type { Requester, Variants } from '../variants/variants.ts';
import type { DecisionCache } from './decision-cache.ts';
import { type QualitySearch, readQuality, sizeClass } from './quality-search.ts';

type BytesAim = Extract<QualityAim, { kind: 'bytes' }>;
type LikenessAim = Extract<QualityAim, { kind: 'likeness' }>;

/** Nothing is left to find out. */
export interface DecidedFormat {
  readonly kind: 'chosen';
  readonly spec: VariantSpec;
  /** The quality that was found, where it was left to us; null where it was not, or is not known yet. */
  readonly quality: number | null;
  /** False where a better quality will be known later. */
  readonly isFinal: boolean;
}

/** It takes encodings to tell. */
export interface NeedsEncodings {
  readonly kind: 'open';
  /** One of these it will be. */
  readonly candidates: readonly [VariantSpec, ...VariantSpec[]];
  /** Makes what it takes; afterwards the same question has an answer. What was made is handed over, if it may be the answer. */
  decide(asker: Requester | null): Promise<EncodedCandidate | null>;
}

export interface EncodedCandidate {
  readonly spec: VariantSpec;
  readonly obtained: Obtained;
}

export interface FormatSelectionOptions {
  readonly library: VariantLibrary;
  readonly variants: Variants;
  readonly decisionCache: DecisionCache;
  readonly qualitySearch: QualitySearch;
}

type Candidates = readonly [VariantSpec, ...VariantSpec[]];

/** Decides what only encodings tell: which format is smaller, which quality suffices. Each is found out once and remembered. */
export class FormatSelection {
  readonly #parts: FormatSelectionOptions;
  readonly #flights = new SingleFlight<EncodedCandidate | null>();

  constructor(parts: FormatSelectionOptions) {
    this.#parts = parts;
  }

  /** Throws what planning throws. */
  async choose(original: Original, asked: ResolvedTransform): Promise<DecidedFormat | NeedsEncodings> {
    if (asked.format.kind !== 'auto') return this.#chooseQuality(original, asked);
    const { bucket } = asked.format;
    const candidates = await this.#candidates(original, asked, bucket);
    const [richest] = candidates;
    if (candidates.length === 1) return this.#chooseQuality(original, withFormat(asked, richest.plan.format));
    const question = winnerQuestion(bucket, asked, richest);
    const winner = await this.#parts.decisionCache.find(original, question, readFormat);
    // One that is no candidate any more was remembered by another version of us: then the plainest.
    const known = candidates.find(({ plan }) => plan.format === winner) ?? candidates.at(-1) ?? richest;
    if (winner !== null) return this.#chooseQuality(original, withFormat(asked, known.plan.format));
    return { kind: 'open', candidates, decide: (asker) => this.#decideFormat(question, candidates, asker) };
  }

  /** Every variant that this spelling has meant or can mean, as far as anybody knows: for purges. */
  async formatsMeant(original: Original, asked: ResolvedTransform): Promise<readonly VariantSpec[]> {
    const choice = await this.choose(original, asked);
    const chosen = choice.kind === 'open' ? choice.candidates : [choice.spec];
    const plain = await this.#parts.library.specify(original, { ...asked, aim: null });
    const others = asked.format.kind === 'auto' ? await this.#candidates(original, asked, asked.format.bucket) : [];
    return [...new Map([...chosen, plain, ...others].map((spec) => [spec.key, spec])).values()];
  }

  async #candidates(original: Original, asked: ResolvedTransform, bucket: Bucket): Promise<Candidates> {
    const { library } = this.#parts;
    const plain = { ...asked, aim: null };
    const base = await library.specify(original, { ...plain, format: { kind: 'auto', bucket: 'base' } });
    const { facts } = original;
    const animated = asked.page === null && isAnimation(facts);
    const [richest, ...plainer] = candidatesFor(bucket, { alpha: facts.alpha, animated, pixels: pixelsOf(base) });
    const specify = (name: FormatName) => library.specify(original, withFormat(plain, name));
    return [await specify(richest), ...(await Promise.all(plainer.map(specify)))];
  }

  /** All that were rendered are kept: what is too large for one client is right for another. */
  async #decideFormat(
    question: string,
    candidates: Candidates,
    asker: Requester | null,
  ): Promise<EncodedCandidate | null> {
    const { original } = candidates[0];
    const work = async (signal: AbortSignal) => {
      const obtained = await this.#parts.variants.obtainAll(candidates, withSignal(asker, signal));
      const made = candidates.flatMap((spec, index) => {
        const one = obtained[index];
        return one === undefined ? [] : [{ spec, obtained: one }];
      });
      const [richest, ...plainer] = made;
      if (richest === undefined) return null;
      // Never a larger file than a plainer format's; of equals, the richest.
      const best = plainer.reduce((so, one) => (sizeOf(one) < sizeOf(so) ? one : so), richest);
      const winner = await this.#parts.decisionCache.putIfAbsent(original, question, best.spec.plan.format, readFormat);
      return made.find(({ spec }) => spec.plan.format === winner) ?? best;
    };
    return (await this.#flights.join(`${original.blob} ${question}`, work, asker?.signal)).value;
  }

  async #chooseQuality(original: Original, asked: ResolvedTransform): Promise<DecidedFormat | NeedsEncodings> {
    const plain = await this.#parts.library.specify(original, { ...asked, aim: null });
    const { aim } = asked;
    if (aim === null || !isTunable(plain, asked)) {
      return { kind: 'chosen', spec: plain, quality: null, isFinal: true };
    }
    const fixed = withFormat(asked, plain.plan.format);
    return aim.kind === 'bytes'
      ? this.#chooseBytes(original, fixed, aim)
      : this.#chooseLikeness(original, fixed, aim, plain);
  }

  async #chooseBytes(
    original: Original,
    asked: ResolvedTransform,
    aim: BytesAim,
  ): Promise<DecidedFormat | NeedsEncodings> {
    const { library, decisionCache, variants } = this.#parts;
    const plain = await library.specify(original, withQuality(asked, null));
    const question = `mb.${aim.most}.${hashOf(plain)}`;
    const quality = await decisionCache.find(original, question, readQuality);
    if (quality !== null) {
      const spec = await library.specify(original, withQuality(asked, quality));
      return { kind: 'chosen', spec, quality, isFinal: true };
    }
    const qualities = qualitiesTried(plain.plan, qualityIn(plain));
    const specify = (quality: number) => library.specify(original, withQuality(asked, quality));
    const candidates = [await specify(1), ...(await Promise.all(qualities.slice(1).map(specify)))] as const;
    const search = async (signal: AbortSignal, asker: Requester | null) => {
      const index = await variants.search(candidates, aim, withSignal(asker, signal));
      await decisionCache.putIfAbsent(original, question, String(qualities[index] ?? 1), readQuality);
      return null;
    };
    const flight = `${original.blob} ${question}`;
    const decide = async (asker: Requester | null) =>
      (await this.#flights.join(flight, (signal) => search(signal, asker), asker?.signal)).value;
    return { kind: 'open', candidates, decide };
  }

  /** Until it is known, the format's own quality; it is looked for once nobody waits. */
  async #chooseLikeness(
    original: Original,
    asked: ResolvedTransform,
    aim: LikenessAim,
    plain: VariantSpec,
  ): Promise<DecidedFormat> {
    const quality = await this.#parts.qualitySearch.qualityFor({
      original,
      format: plain.plan.format,
      plan: plain.plan,
      aim,
    });
    if (quality === null) return { kind: 'chosen', spec: plain, quality, isFinal: false };
    const spec = await this.#parts.library.specify(original, withQuality(asked, quality));
    return { kind: 'chosen', spec, quality, isFinal: true };
  }
}

function winnerQuestion(bucket: Bucket, { quality, chroma, loss }: ResolvedTransform, { plan }: VariantSpec): string {
  const settings = [quality, chroma, loss].filter((part) => part !== null);
  return [bucket, sizeClass(plan), ...settings].join('.');
}

/** Whoever came first pays; the work goes on until all who share it have gone. */
function withSignal(asker: Requester | null, signal: AbortSignal): Requester | null {
  return asker === null ? null : { client: asker.client, signal };
}

function withFormat(asked: ResolvedTransform, name: FormatName): ResolvedTransform {
  return { ...asked, format: { kind: 'fixed', name } };
}

function withQuality(asked: ResolvedTransform, quality: number | null): ResolvedTransform {
  return { ...asked, quality, aim: null };
}

const sizeOf = ({ obtained }: EncodedCandidate): number => obtained.bytes.byteLength;

/** null where it takes pixels to tell. */
const pixelsOf = ({ plan: { width, height } }: VariantSpec): number | null => (width === 0 ? null : width * height);

/** Pixels of animations that are encoded while one answer is waited for: 6 s of WebP on a core. */
const maxEncoded = 32_000_000;

/** From 1 to the highest. Of an animation so few that the right one is found in time: two encodings at least, with seven all. */
function qualitiesTried({ width, height, frames = 1 }: RenderPlan, highest: number): readonly number[] {
  const encodings = frames === 1 ? 7 : Math.max(2, Math.floor(maxEncoded / (width * height * frames)));
  const count = Math.min(highest, 2 ** Math.min(7, encodings) - 1);
  return Array.from({ length: count }, (_, index) =>
    count === 1 ? highest : 1 + Math.round((index * (highest - 1)) / (count - 1)),
  );
}

const readFormat = (text: string): FormatName | null => formatNames.find((name) => name === text) ?? null;

const hashOf = ({ etag }: VariantSpec): string => etag.slice(3, -1);

/** Whether a quality has a say in the answer. */
function isTunable({ plan }: VariantSpec, { loss }: ResolvedTransform): boolean {
  return formats[plan.format].qualities !== null && loss !== 'lossless';
}

function qualityIn({ plan: { encoding } }: VariantSpec): number {
  return 'quality' in encoding.options ? (encoding.options.quality ?? 80) : 80;
}
