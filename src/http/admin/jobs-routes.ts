import * as v from 'valibot';
import { Failure } from '../../errors.ts';
import type { Job, JobQueue } from '../../jobs/job-queue.ts';
import type { WarmUp } from '../../library/maintenance/warm-up.ts';
import { type EagerVariants, maxWanted } from '../../library/selection/eager.ts';
import { idPattern } from '../../transform/id.ts';
import { tagPattern } from '../message/body.ts';
import { json } from '../message/json.ts';
import { member, members, readJson, readMembers, rule } from '../message/json-body.ts';
import { jsonContent } from '../message/operation-docs.ts';
import { type Operation, requestTarget } from '../message/route.ts';

/** What clients see of a job; what it was asked is the asker's business. */
export function showJob({ id, status, progress, results, error, createdAt }: Job) {
  return { id, status, progress, results, error, createdAt };
}

/** `GET /jobs/:id` */
export function getJob(jobs: JobQueue): Operation {
  return {
    doc: {
      summary: 'Says how far a job is, and what came of it.',
      description: 'A job is kept for 7 days after its end.',
      responses: { 200: { description: 'What is known of it.', content: jsonContent('Job') } },
      errors: ['missing-job', 'store-unreachable'],
    },
    handle: async (context) => {
      const id = requestTarget(context).path.slice('/jobs/'.length);
      const job = await jobs.find(id);
      if (job === null) throw new Failure('missing-job', 'No job has this id, or it ended more than 7 days ago');
      return json(showJob(job));
    },
  };
}

/** The body of `POST /jobs`. */
export const warmUpSchema = v.pipe(
  members({
    presets: member(
      `presets as a list of 1 to ${maxWanted} presets or components, such as ["thumb"]`,
      v.pipe(v.array(v.string()), v.minLength(1), v.maxLength(maxWanted)),
      { description: 'Presets or components.' },
    ),
    prefix: member('prefix as the beginning of an id', v.pipe(v.string(), v.regex(idPattern))),
    tag: member('tag as A-Z a-z 0-9 . _ -', v.pipe(v.string(), v.regex(tagPattern))),
  }),
  rule(
    'presets as a list such as ["thumb"], and at most one of prefix and tag',
    (given) => 'presets' in given && !('prefix' in given && 'tag' in given),
    { required: ['presets'], not: { required: ['prefix', 'tag'] } },
  ),
);

/** `POST /jobs`: warms variants up. */
export function postJob({ jobs, eager }: { readonly jobs: JobQueue; readonly eager: EagerVariants }): Operation {
  return {
    doc: {
      summary: 'Makes variants of many originals before anybody asks for them, behind live requests.',
      description: 'The originals of a prefix or a tag, or all. The result says how many were seen, made and not made.',
      body: {
        means: 'Presets or components, and which originals.',
        types: ['application/json'],
        schema: { $ref: '#/components/schemas/WarmUp' },
        example: { presets: ['thumb'], tag: 'shoes' },
      },
      responses: {
        202: {
          description: 'It is being done by the job at Location.',
          headers: ['Location'],
          content: jsonContent('Job'),
        },
      },
      errors: [
        'bad-request',
        'bad-words',
        'digest-differs',
        'forbidden',
        'path-too-long',
        'too-big',
        'store-unreachable',
        'disk-full',
      ],
    },
    handle: async (context) => {
      const input = warmUpIn(await readJson(context));
      eager.read(input.names);
      const job = await jobs.add({ kind: 'warm-up', input });
      return json(showJob(job), 202, { Location: `/jobs/${job.id}` });
    },
  };
}

function warmUpIn(read: unknown): WarmUp {
  const { presets: names = [], prefix, tag } = readMembers(warmUpSchema, read, '{"presets":["thumb"]}');
  if (prefix !== undefined) return { names, selection: { by: 'prefix', prefix } };
  if (tag !== undefined) return { names, selection: { by: 'tag', tag } };
  return { names, selection: { by: 'time', since: null } };
}
