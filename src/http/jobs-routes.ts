import { Failure } from '../errors.ts';
import type { Job, JobQueue } from '../jobs/job-queue.ts';
import { json } from './json.ts';
import { type Operation, targetOf } from './route.ts';
import { jsonOf } from './tells.ts';

/** What clients see of a job; what it was asked is the asker's business. */
export function showJob({ id, status, progress, results, error, createdAt }: Job) {
  return { id, status, progress, results, error, createdAt };
}

/** `GET /jobs/:id` */
export function getJob(jobs: JobQueue): Operation {
  return {
    tells: {
      does: 'Says how far a job is, and what came of it.',
      notes: 'A job is kept for 7 days after its end.',
      answers: { 200: { means: 'What is known of it.', content: jsonOf('Job') } },
      refuses: ['missing-job', 'store-unreachable'],
    },
    handle: async (context) => {
      const id = targetOf(context).path.slice('/jobs/'.length);
      const job = await jobs.find(id);
      if (job === null) throw new Failure('missing-job', 'No job has this id, or it ended more than 7 days ago');
      return json(showJob(job));
    },
  };
}
