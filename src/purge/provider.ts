import { setTimeout as pause } from 'node:timers/promises';
import type { Cdn, CdnPurgeOrder, CdnPurgeResult, Keys } from './purger.ts';

/** One request to a CDN's API. */
export interface Batch extends CdnPurgeOrder {
  /** Equal in all tries of one batch, for providers that detect duplicates. */
  readonly reference: string;
  readonly signal: AbortSignal;
}

/** A provider's purge API: one request, and its limits. */
export interface CdnApi {
  readonly name: string;
  /** Maximum number of keys in a request. */
  readonly maxKeys: number;
  /** Whether these keys can be purged softly (marked stale). */
  canSoften(keys: Keys): boolean;
  /** Sends one request. Throws `CdnApiError`, or any network error. */
  send(batch: Batch): Promise<void>;
}

/** The API refused a request. */
export class CdnApiError extends Error {
  /** Whether a retry may succeed. */
  readonly passes: boolean;
  /** Milliseconds from Retry-After; null without one. */
  readonly wait: number | null;

  constructor(sentence: string, { passes, wait = null }: { readonly passes: boolean; readonly wait?: number | null }) {
    super(sentence);
    this.name = 'Trouble';
    this.passes = passes;
    this.wait = wait;
  }
}

/** Times in milliseconds. */
export interface RetryTimes {
  /** Pause before the second try, doubled before the third. The actual pause is 50 to 100 % of it, at random. */
  readonly pause: number;
  /** Timeout of one request. */
  readonly answer: number;
}

export const defaultRetryTimes: RetryTimes = { pause: 250, answer: 10_000 };
const maxTries = 3;

/** Adds batches, retries and timeouts to a provider's API. */
export function purgerOf(provider: CdnApi, retryTimes: RetryTimes = defaultRetryTimes): Cdn {
  return {
    name: provider.name,
    purge: async (order, signal) => {
      const soft = order.soft && provider.canSoften(order.keys);
      const results: CdnPurgeResult[] = [];
      for (const keys of batchesOf(order.keys, provider.maxKeys)) {
        results.push(await sendBatch(provider, { keys, soft, reference: crypto.randomUUID(), signal }, retryTimes));
      }
      const left = results.flatMap((each) => (each.left === 'everything' ? [] : each.left));
      const isWhole = results.some((each) => each.left === 'everything');
      const error = results.find((each) => each.error !== null)?.error ?? null;
      return { left: isWhole ? 'everything' : left, error, soft };
    },
  };
}

function batchesOf(keys: Keys, most: number): readonly Keys[] {
  if (keys === 'everything') return [keys];
  const unique = [...new Set(keys)];
  const count = Math.ceil(unique.length / most);
  return Array.from({ length: count }, (_, index) => unique.slice(index * most, (index + 1) * most));
}

async function sendBatch(provider: CdnApi, batch: Batch, retryTimes: RetryTimes): Promise<CdnPurgeResult> {
  const { keys, soft, signal } = batch;
  for (let attempt = 1; ; attempt++) {
    try {
      signal.throwIfAborted();
      const either = AbortSignal.any([signal, AbortSignal.timeout(retryTimes.answer)]);
      await unlessAborted(provider.send({ ...batch, signal: either }), either);
      return { left: [], error: null, soft };
    } catch (thrown) {
      const trouble = thrown instanceof CdnApiError ? thrown : noAnswer(signal);
      const wait = Math.max(jittered(retryTimes.pause * 2 ** (attempt - 1)), trouble.wait ?? 0);
      const isOver = attempt >= maxTries || !trouble.passes || !(await waited(wait, signal));
      if (isOver) return { left: keys, error: trouble.message, soft };
    }
  }
}

/** Rejects on abort, even if the work ignores its signal. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('aborted')), { once: true });
    work.then(resolve, reject);
  });
}

function noAnswer(signal: AbortSignal): CdnApiError {
  const late = signal.aborted ? 'in time' : 'at all';
  return new CdnApiError(`The CDN did not answer ${late}`, { passes: true });
}

function jittered(milliseconds: number): number {
  return milliseconds * (0.5 + Math.random() / 2);
}

/** Returns false if the signal aborts during the pause. */
async function waited(milliseconds: number, signal: AbortSignal): Promise<boolean> {
  return pause(milliseconds, true, { signal, ref: false }).catch(() => false);
}
