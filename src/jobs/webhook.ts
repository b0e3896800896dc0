import { Failure } from '../errors.ts';
import { signedHeaders } from '../platform/standard-webhook.ts';
import type { Job, JobHandler, Json } from './job-queue.ts';

/** Where word of jobs is sent, and what it is signed with: `whsec_` and base64, or any text. */
export interface Webhook {
  readonly url: string;
  readonly secret: string;
}

/** Longest time in milliseconds for the other side to answer. */
const timeout = 10_000;

/** The job that tells of a job's end; its id is the webhook's, so whoever hears it twice knows. */
export function webhookFor({ id, status }: Job, data: Json) {
  return { kind: 'webhook', id: `${id}-webhook`, input: { type: `job.${status}`, data } };
}

/** Sends a job's input; anything but a 2xx is tried again, but a 410 says: never again. */
export function sendWebhook({ url, secret }: Webhook): JobHandler {
  return async ({ job, signal }) => {
    const now = Date.now();
    const body = JSON.stringify({ ...Object(job.input), timestamp: job.createdAt });
    const headers = {
      'content-type': 'application/json',
      ...signedHeaders(secret, { id: job.id, seconds: Math.floor(now / 1000), body }),
    };
    const either = AbortSignal.any([signal, AbortSignal.timeout(timeout)]);
    const answer = await fetch(url, { method: 'POST', body, headers, redirect: 'manual', signal: either }).catch(
      (cause: unknown) => {
        throw new Failure('deadline', 'Expected the receiver of webhooks to answer', { cause });
      },
    );
    await answer.body?.cancel();
    if (answer.ok) return [];
    const kind = answer.status === 410 ? 'bad-request' : 'deadline';
    throw new Failure(kind, `Expected the receiver of webhooks to answer 2xx but received ${answer.status}`);
  };
}
