import { Failure } from '../errors.ts';
import { signedHeaders } from '../platform/standard-webhook.ts';
import type { Job, JobHandler, Json } from './job-queue.ts';

/** Receiver of webhooks and the secret that signs them: `whsec_` and base64, or any text. */
export interface Webhook {
  readonly url: string;
  readonly secret: string;
}

/** Maximum milliseconds until the receiver answers. */
const timeout = 10_000;

/** The job that reports the end of another job. Its id is the webhook's id, so a receiver can detect duplicates. */
export function webhookFor({ id, status }: Job, data: Json) {
  return { kind: 'webhook', id: `${id}-webhook`, input: { type: `job.${status}`, data } };
}

/**
 * Handler that posts the input of a job, signed. It fails without retry on 410, and is retried on any other status but
 * 2xx.
 */
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
        throw new Failure('deadline', 'The receiver of webhooks did not answer', { cause });
      },
    );
    await answer.body?.cancel();
    if (answer.ok) return [];
    const kind = answer.status === 410 ? 'bad-request' : 'deadline';
    throw new Failure(kind, `Expected the receiver of webhooks to answer 2xx but received ${answer.status}`);
  };
}
