import type { JobQueue } from '../../jobs/job-queue.ts';
import type { Published } from '../../library/originals/originals.ts';
import type { EagerVariants, WantedVariant } from '../../library/selection/eager.ts';
import { showJob } from '../admin/jobs-routes.ts';
import { etagOf } from '../message/body.ts';
import { json } from '../message/json.ts';
import type { HttpContext } from '../message/route.ts';
import { showOriginal } from './original-view.ts';

export interface UploadAnswerOptions {
  readonly eager: EagerVariants;
  readonly jobs: JobQueue;
}

/** What an upload asks for besides being stored. */
export interface UploadPreferences {
  readonly wanted: readonly WantedVariant[];
  /** Rather an answer at once than one with everything in it. */
  readonly isAsync: boolean;
}

/** `eager=thumb;w_400,f_webp` and `Prefer: respond-async`. Throws what an image URL with such words is refused with. */
export function readPreferences(
  context: HttpContext,
  query: ReadonlyMap<string, string>,
  eager: EagerVariants,
): UploadPreferences {
  const text = query.get('eager') ?? '';
  const wanted = eager.read(text === '' ? [] : text.split(';'));
  const isAsync = /(?:^|,)\s*respond-async\s*(?:[;,]|$)/i.test(context.req.header('prefer') ?? '');
  return { wanted, isAsync };
}

/** The answer to whoever brought an original: it is stored, whatever comes of its variants. */
export async function answerUpload(
  { original, outcome }: Published,
  { wanted, isAsync }: UploadPreferences,
  { eager, jobs }: UploadAnswerOptions,
): Promise<Response> {
  const etag = { ETag: etagOf(original.version) };
  if (isAsync) {
    const input = { id: original.id, names: wanted.map(({ name }) => name) };
    const job = await jobs.add({ kind: 'variants', input });
    const headers = { ...etag, Location: `/jobs/${job.id}`, 'Preference-Applied': 'respond-async' };
    return json(showJob(job), 202, headers);
  }
  const variants = await eager.make(original, wanted);
  const status = outcome === 'created' ? 201 : 200;
  return json(showOriginal(original, variants), status, { ...etag, Location: `/originals/${original.id}` });
}
