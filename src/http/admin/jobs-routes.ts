import { Failure, shorten } from '../../errors.ts';
import type { Job, JobQueue } from '../../jobs/job-queue.ts';
import { isTexts } from '../../library/maintenance/variant-jobs.ts';
import type { WarmUp } from '../../library/maintenance/warm-up.ts';
import type { EagerVariants } from '../../library/selection/eager.ts';
import { idPattern } from '../../transform/id.ts';
import { tagPattern } from '../message/body.ts';
import { json } from '../message/json.ts';
import { readJson, readMembers } from '../message/json-body.ts';
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

const warmUpWords = ['presets', 'prefix', 'tag'];

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
  const fields = readMembers(read, warmUpWords, '{"presets":["thumb"]}');
  const [names, prefix, tag] = warmUpWords.map((word) => fields.get(word));
  if (!isTexts(names) || names.length === 0) {
    throw new Failure('bad-request', 'Expected presets as a list such as ["thumb"]');
  }
  if (prefix !== undefined && tag !== undefined) {
    throw new Failure('bad-request', 'Expected prefix or tag but received both');
  }
  if (prefix !== undefined) return { names, selection: { by: 'prefix', prefix: textIn('prefix', prefix, idPattern) } };
  if (tag !== undefined) return { names, selection: { by: 'tag', tag: textIn('tag', tag, tagPattern) } };
  return { names, selection: { by: 'time', since: null } };
}

function textIn(word: string, value: unknown, pattern: RegExp): string {
  if (typeof value === 'string' && pattern.test(value)) return value;
  throw new Failure(
    'bad-request',
    `Expected ${word} as in GET /originals but received ${shorten(JSON.stringify(value))}`,
  );
}
