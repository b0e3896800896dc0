import { Failure, failures, shorten } from '../../errors.ts';
import { formats } from '../../formats/index.ts';
import type { EncodingPace } from '../../formats/pace.ts';
import type { RenderQueue } from '../../render/queue/render-queue.ts';
import { checkFonts } from '../../transform/fonts.ts';
import { parseTransform } from '../../transform/grammar.ts';
import { cosmeticName, splitImagePath } from '../../transform/image-path.ts';
import { checkWidths, type ReportOnlyLadder, snapToRungs } from '../../transform/ladder.ts';
import { resolveTransform } from '../../transform/resolve.ts';
import type { Presets, RequestedTransform } from '../../transform/transform.ts';
import type { Original } from '../original.ts';
import type { Obtained } from '../variants/obtained.ts';
import type { VariantSpec } from '../variants/spec.ts';
import type { Variants } from '../variants/variants.ts';
import type { WriteBehind } from '../variants/write-behind.ts';
import type { DecidedFormat, FormatSelection, NeedsEncodings } from './format-choice.ts';

/** Variants that may be asked for at once. */
export const maxWanted = 16;

/** A variant somebody wants before anybody asks for it. */
export interface WantedVariant {
  /** As it was written: a preset or components. */
  readonly name: string;
  readonly transform: RequestedTransform;
  /** Whether it ends with a file name. */
  readonly hasFile: boolean;
}

/** What came of it; sides, bytes and type are null where it has an error, sides also where only the pixels tell them. */
export type MadeVariant = {
  readonly name: string;
  readonly url: string;
  readonly width: number | null;
  readonly height: number | null;
  readonly bytes: number | null;
  readonly mediaType: string | null;
  readonly error: string | null;
};

export interface EagerOptions {
  readonly presets: Presets;
  readonly ladder: ReportOnlyLadder;
  /** Families that text may be set in. */
  readonly fonts: readonly string[];
  readonly formatSelection: FormatSelection;
  readonly variants: Variants;
  readonly writeBehind: WriteBehind;
  readonly queue: RenderQueue;
  /** The path of an image as it may be asked for. */
  readonly sign: (path: string) => string;
}

/** Clients that can show everything: what `f_auto` gives them is what most will ask for. */
const capable = { accept: 'image/avif,image/webp' };

/** Which failures are part of the answer, and how much time there is. */
interface How {
  readonly isAnswer: (failure: Failure) => boolean;
  readonly pace: EncodingPace;
}

/** Makes variants before anybody asks for them. */
export class EagerVariants {
  readonly #parts: EagerOptions;

  constructor(parts: EagerOptions) {
    this.#parts = parts;
  }

  /** Reads what could stand behind the id of an image URL. Throws what that URL would be refused with, or `bad-request`. */
  read(names: readonly string[]): readonly WantedVariant[] {
    if (names.length > maxWanted) {
      throw new Failure('bad-request', `Expected at most ${maxWanted} variants but received ${names.length}`);
    }
    return names.map((name) => this.#readOne(name));
  }

  #readOne(name: string): WantedVariant {
    const { presets, ladder, fonts } = this.#parts;
    const path = splitImagePath(`/img/x/${name}`, '/img/');
    checkWidths(path, ladder);
    const transform = snapToRungs(parseTransform(path, presets), ladder);
    checkFonts(path, transform, fonts);
    if (path.signature !== null || transform.answer.f === 'orig') {
      throw new Failure(
        'bad-request',
        `Expected a preset or components of a rendering but received "${shorten(name)}"`,
      );
    }
    return { name, transform, hasFile: cosmeticName(path.segments.at(-1)) !== null };
  }

  /** The URL of the image. */
  async locate(original: Original, want: WantedVariant): Promise<string> {
    const choice = await this.#choose(original, want);
    return this.#urlOf(original, want, choice.kind === 'open' ? choice.candidates[0] : choice.spec);
  }

  /** While somebody waits: each with its error where it has one, for the original is there whatever happens. */
  make(original: Original, wanted: readonly WantedVariant[]): Promise<readonly MadeVariant[]> {
    return this.#make(original, wanted, { isAnswer: () => true, pace: 'usual' });
  }

  /** While nobody waits: behind live requests. Throws what may pass by itself, so that it is tried again. */
  makeInBackground(original: Original, wanted: readonly WantedVariant[]): Promise<readonly MadeVariant[]> {
    const isAnswer = ({ kind }: Failure) => failures[kind].status < 500;
    return this.#parts.queue.runInBackground(() => this.#make(original, wanted, { isAnswer, pace: 'patient' }));
  }

  async #make(original: Original, wanted: readonly WantedVariant[], { isAnswer, pace }: How) {
    const together = await this.#together(original, wanted, pace);
    const made: MadeVariant[] = [];
    for (const want of wanted) {
      const one = await this.#one(original, want, together).catch((thrown: unknown) => {
        if (thrown instanceof Failure && isAnswer(thrown))
          return failed(this.#parts.sign(urlOf(original, want, null)), want, thrown.message);
        throw thrown;
      });
      made.push(one);
    }
    return made;
  }

  /** One decode for as many as can share it, by key. Where one of them spoils that, there are none: each is made alone then. */
  async #together(
    original: Original,
    wanted: readonly WantedVariant[],
    pace: EncodingPace,
  ): Promise<ReadonlyMap<string, Obtained>> {
    const settled = await Promise.allSettled(wanted.map((want) => this.#choose(original, want)));
    const choices = settled.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    const specs = choices.flatMap((choice) => (choice.kind === 'chosen' ? [choice.spec] : []));
    const found = await this.#parts.variants.obtainAll(specs, null, pace).catch(() => []);
    return new Map(found.flatMap((each, index) => (specs[index] === undefined ? [] : [[specs[index].key, each]])));
  }

  async #one(original: Original, want: WantedVariant, together: ReadonlyMap<string, Obtained>): Promise<MadeVariant> {
    const spec = await this.#settle(original, want);
    const { bytes } = together.get(spec.key) ?? (await this.#parts.variants.obtain(spec));
    await this.#parts.writeBehind.settled(spec.key);
    const { plan, mediaType } = spec;
    const url = this.#urlOf(original, want, spec);
    const [width, height] = [plan.width || null, plan.height || null];
    return { name: want.name, url, width, height, bytes: bytes.byteLength, mediaType, error: null };
  }

  /** What it is once the encodings that tell have been made. */
  async #settle(original: Original, want: WantedVariant): Promise<VariantSpec> {
    for (;;) {
      const choice = await this.#choose(original, want);
      if (choice.kind === 'chosen') return choice.spec;
      await choice.decide(null);
    }
  }

  #urlOf(original: Original, want: WantedVariant, { plan }: VariantSpec): string {
    return this.#parts.sign(urlOf(original, want, formats[plan.format].extensions[0]));
  }

  #choose(original: Original, { transform }: WantedVariant): Promise<DecidedFormat | NeedsEncodings> {
    return this.#parts.formatSelection.choose(original, resolveTransform(transform, capable));
  }
}

function failed(url: string, { name }: WantedVariant, error: string): MadeVariant {
  return { name, url, width: null, height: null, bytes: null, mediaType: null, error };
}

/** With a file name at its end for caches and people, unless it has one or the format is still open. */
function urlOf({ id }: Original, { name, transform, hasFile }: WantedVariant, extension: string | null): string {
  const url = `/img/${id}/${name}`;
  return extension === null || hasFile || transform.answer.f === 'auto' ? url : `${url}/${id}.${extension}`;
}
