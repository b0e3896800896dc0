import * as v from 'valibot';
import { Failure, type FailureKind } from '../../errors.ts';
import type { JobHandler, Json } from '../../jobs/job-queue.ts';
import type { Original } from '../original.ts';
import type { Listing, Selection } from '../originals/listing.ts';
import type { EagerVariants, WantedVariant } from '../selection/eager.ts';

/** Which variants to make of which originals; by time means all. */
export type WarmUp = {
  readonly selection: Exclude<Selection, { readonly by: 'time' }> | { readonly by: 'time'; readonly since: null };
  /** Presets or components. */
  readonly names: readonly string[];
};

/** Originals between two words on how far it is. */
const pageSize = 50;

/** What says something of one original, not of this server. */
const ofTheOriginal: ReadonlySet<FailureKind> = new Set(['damaged-original', 'deadline']);

type Warmed = { readonly originals: number; readonly variants: number; readonly failed: number };

/**
 * Makes variants of all originals of a selection, behind live requests. One result: how many originals were seen, how
 * many variants are there now, how many could not be made. An interrupted one begins anew and finds most of them made.
 */
export function runWarmUpJob({
  listing,
  eager,
}: {
  readonly listing: Listing;
  readonly eager: EagerVariants;
}): JobHandler {
  return async ({ job, signal, report }) => {
    const { selection, names } = readWarmUp(job.input);
    const wanted = eager.read(names);
    const all = await listing.count(selection);
    let warmed: Warmed = { originals: 0, variants: 0, failed: 0 };
    let cursor: string | null = null;
    do {
      const page = await listing.page(selection, { limit: pageSize, cursor });
      for (const original of page.originals) {
        signal.throwIfAborted();
        const made = await makeAll(eager, original, wanted);
        warmed = {
          originals: warmed.originals + 1,
          variants: warmed.variants + made,
          failed: warmed.failed + wanted.length - made,
        };
      }
      await report(Math.min(1, warmed.originals / Math.max(1, all)), [warmed]);
      cursor = page.cursor;
    } while (cursor !== null);
    return [warmed];
  };
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
