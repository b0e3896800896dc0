import * as v from 'valibot';
import { Failure } from '../../errors.ts';
import type { JobHandler, Json } from '../../jobs/job-queue.ts';
import type { Originals } from '../originals/originals.ts';
import type { EagerVariants } from '../selection/eager.ts';

/** What a job of variants is about. */
export type VariantsInput = {
  readonly id: string;
  /** Presets or components. */
  readonly names: readonly string[];
};

/** Variants that are made together before anyone hears how far the job is. */
const atOnce = 4;

/** Makes variants of an original behind live requests; its results are those variants, each with its error where it has one. */
export function runVariantsJob({ originals, eager }: { originals: Originals; eager: EagerVariants }): JobHandler {
  return async ({ job, signal, report }) => {
    const { id, names } = readInput(job.input);
    const original = await originals.describe(id);
    const wanted = eager.read(names);
    const made: Json[] = [...job.results];
    while (made.length < wanted.length) {
      signal.throwIfAborted();
      made.push(...(await eager.makeInBackground(original, wanted.slice(made.length, made.length + atOnce))));
      await report(made.length / wanted.length, made);
    }
    return made;
  };
}

const inputSchema = v.object({ id: v.string(), names: v.array(v.string()) });

/** The input was written by this release or by another one. */
function readInput(input: Json): VariantsInput {
  const read = v.safeParse(inputSchema, input);
  if (read.success) return read.output;
  throw new Failure('bad-request', 'Expected the id of an original and names of variants');
}
