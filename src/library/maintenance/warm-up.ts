import * as v from 'valibot';
import { Failure, type FailureKind } from '../../errors.ts';
import type { JobHandler, Json } from '../../jobs/job-queue.ts';
import type { Original } from '../original.ts';
import type { Listing, Selection } from '../originals/listing.ts';
import type { Originals } from '../originals/originals.ts';
import type { SourceListing } from '../originals/source-listing.ts';
import type { EagerVariants, WantedVariant } from '../selection/eager.ts';

/** Which variants to make of which originals; by time means all. */
export type WarmUp = {
  readonly selection: Exclude<Selection, { readonly by: 'time' }> | { readonly by: 'time'; readonly since: null };
  /** Presets or components. */
  readonly names: readonly string[];
};

/** Milliseconds between two reports of progress: each is written to the store. */
const reportEvery = 500;

export interface WarmUpOptions {
  readonly listing: Listing;
  readonly eager: EagerVariants;
  /** Originals, and those of the source once they are asked for. */
  readonly pictures: Pick<Originals, 'find'>;
  /** null: there is none, or none that can be listed. */
  readonly source: SourceListing | null;
}

/** Originals between two words on how far it is. */
const pageSize = 50;

/** What says something of one original, not of this server. */
const ofTheOriginal: ReadonlySet<FailureKind> = new Set(['damaged-original', 'deadline']);

type Warmed = { readonly originals: number; readonly variants: number; readonly failed: number };

/**
 * Makes variants of all originals of a selection, behind live requests. One result: how many originals were seen, how
 * many variants are there now, how many could not be made. An interrupted one begins anew and finds most of them made.
 */
export function runWarmUpJob({ listing, eager, pictures, source }: WarmUpOptions): JobHandler {
  return async ({ job, signal, report }) => {
    const { selection, names } = readWarmUp(job.input);
    const wanted = eager.read(names);
    const known = await idsOf(listing, selection);
    const unknown = source === null || selection.by === 'tag' ? [] : await unknownIn(source, selection, known);
    const all = known.size + unknown.length;
    let warmed: Warmed = { originals: 0, variants: 0, failed: 0 };
    let cursor: string | null = null;
    do {
      const page = await listing.page(selection, { limit: pageSize, cursor });
      for (const original of page.originals) {
        signal.throwIfAborted();
        warmed = added(warmed, wanted.length, await makeAll(eager, original, wanted));
      }
      await report(Math.min(1, warmed.originals / Math.max(1, all)), [warmed]);
      cursor = page.cursor;
    } while (cursor !== null);
    let reportedAt = performance.now();
    for (const id of unknown) {
      signal.throwIfAborted();
      warmed = added(warmed, wanted.length, await makeFromSource({ pictures, eager }, id, wanted));
      if (performance.now() - reportedAt < reportEvery) continue;
      reportedAt = performance.now();
      await report(Math.min(1, warmed.originals / all), [warmed]);
    }
    return [warmed];
  };
}

function added({ originals, variants, failed }: Warmed, wanted: number, made: number): Warmed {
  return { originals: originals + 1, variants: variants + made, failed: failed + wanted - made };
}

async function idsOf(listing: Listing, selection: Selection): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for await (const ids of listing.ids(selection)) for (const id of ids) found.add(id);
  return found;
}

/** Ids of pictures in the source that have not been asked for yet. */
async function unknownIn(
  source: SourceListing,
  selection: Selection,
  known: ReadonlySet<string>,
): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const pictures of source.all(selection.by === 'prefix' ? selection.prefix : '')) {
    found.push(...pictures.flatMap(({ id }) => (known.has(id) ? [] : [id])));
  }
  return found;
}

/** Files that are no pictures, or damaged, fail by themselves. */
const ofTheFile: ReadonlySet<FailureKind> = new Set(['not-an-image', 'refused-image', 'too-big']);

async function makeFromSource(
  { pictures, eager }: Pick<WarmUpOptions, 'pictures' | 'eager'>,
  id: string,
  wanted: readonly WantedVariant[],
): Promise<number> {
  try {
    const original = await pictures.find(id);
    return original === null ? 0 : await makeAll(eager, original, wanted);
  } catch (thrown) {
    if (thrown instanceof Failure && ofTheFile.has(thrown.kind)) return 0;
    throw thrown;
  }
}

/** How many are there now. One original that cannot be rendered keeps no others from it; what is busy or away stops them all. */
async function makeAll(eager: EagerVariants, original: Original, wanted: readonly WantedVariant[]): Promise<number> {
  try {
    return (await eager.makeInBackground(original, wanted)).filter(({ error }) => error === null).length;
  } catch (thrown) {
    if (thrown instanceof Failure && ofTheOriginal.has(thrown.kind)) return 0;
    throw thrown;
  }
}

const inputSchema = v.object({
  selection: v.variant('by', [
    v.object({ by: v.literal('time'), since: v.null() }),
    v.object({ by: v.literal('tag'), tag: v.string() }),
    v.object({ by: v.literal('prefix'), prefix: v.string() }),
  ]),
  names: v.array(v.string()),
});

/** The input was written by this release or by another one. */
function readWarmUp(input: Json): WarmUp {
  const read = v.safeParse(inputSchema, input);
  if (read.success) return read.output;
  throw new Failure('bad-request', 'Expected a selection of originals and names of variants');
}
