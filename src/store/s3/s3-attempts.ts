import { setTimeout as pause } from 'node:timers/promises';
import { isPassing } from './s3-trouble.ts';

/** Milliseconds without a byte after which a server counts as stalled. */
export const maxSilence = 5000;
/** A transfer gets one more millisecond for each of so many bytes, so 1 MB/s is always fast enough. */
const slowestPerMillisecond = 1000;
const maxAttempts = 6;
/**
 * Milliseconds. Pauses double: 50, 100, 200, 400, 800, each shortened at random so that clients do not retry together.
 */
const firstPause = 50;

/** One try of a call to a server. `signal` aborts at the deadline, or when the server is silent for too long. */
export class Attempt {
  readonly number: number;
  readonly #controller = new AbortController();
  readonly #aborted: Promise<never>;
  #end: number;
  #ending: NodeJS.Timeout;
  #silence: NodeJS.Timeout;

  /** `end`: deadline by `performance.now()`. */
  constructor(number: number, end: number) {
    this.number = number;
    this.#end = end;
    this.#ending = this.#endAt(end);
    this.#silence = setTimeout(() => this.#controller.abort(timeout(`${maxSilence} ms of silence`)), maxSilence);
    this.#aborted = new Promise((_resolve, reject) => {
      this.signal.addEventListener('abort', () => reject(reasonOf(this.signal)), { once: true });
    });
    this.#aborted.catch(() => undefined);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Restarts the silence timer. Call it when bytes arrive. */
  progress(): void {
    this.#silence.refresh();
  }

  /** Extends the deadline for a transfer of so many bytes. */
  allow(bytes: number): void {
    clearTimeout(this.#ending);
    this.#end += bytes / slowestPerMillisecond;
    this.#ending = this.#endAt(this.#end);
  }

  /** Like `allow`, for an upload whose progress is not visible; extends the silence timer too. */
  allowUnseen(bytes: number): void {
    this.allow(bytes);
    clearTimeout(this.#silence);
    this.#silence = this.#silenceOf(maxSilence + bytes / slowestPerMillisecond);
  }

  /** Aborts the try with an error that occurs outside the awaited call. */
  fail(error: Error): void {
    this.#controller.abort(error);
  }

  /** Rejects when the try is aborted, even if `work` ignores the signal. */
  async until<T>(work: Promise<T>): Promise<T> {
    return Promise.race([work, this.#aborted]);
  }

  stop(): void {
    clearTimeout(this.#ending);
    clearTimeout(this.#silence);
  }

  #silenceOf(milliseconds: number): NodeJS.Timeout {
    return setTimeout(() => this.fail(timeout(`${Math.round(milliseconds)} ms of silence`)), milliseconds);
  }

  #endAt(end: number): NodeJS.Timeout {
    return setTimeout(() => this.fail(timeout('the deadline')), Math.max(1, end - performance.now()));
  }
}

function timeout(after: string): Error {
  return Object.assign(new Error(`No answer after ${after}`), { name: 'TimeoutError' });
}

function reasonOf(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : timeout('an abort');
}

/**
 * Retries `attempt` until it succeeds, fails permanently, or `deadline` milliseconds are over (plus the time for
 * transfers). Settles like the last try.
 */
export async function persist<T>(deadline: number, attempt: (attempt: Attempt) => Promise<T>): Promise<T> {
  const end = performance.now() + deadline;
  for (let number = 1; ; number += 1) {
    const current = new Attempt(number, end);
    try {
      return await current.until(attempt(current));
    } catch (error) {
      const wait = firstPause * 2 ** (number - 1) * (0.5 + Math.random() / 2);
      if (number === maxAttempts || !isPassing(error) || performance.now() + wait >= end) throw error;
      await pause(wait);
    } finally {
      current.stop();
    }
  }
}
