import { setTimeout as pause } from 'node:timers/promises';
import { isPassing } from './s3-trouble.ts';

/** Milliseconds without a byte after which a server has hung. */
export const maxSilence = 5000;
/** Bytes for which a transfer gets one more millisecond than the deadline: nobody has to be faster than 1 MB/s. */
const slowestPerMillisecond = 1000;
const maxAttempts = 6;
/** 50, 100, 200, 400, 800 ms, each shortened at random so that clients do not come back together. */
const firstPause = 50;

/** One try of a call to a far server: ended by `signal` when the call's time is over or the server is silent. */
export class Attempt {
  readonly number: number;
  readonly #controller = new AbortController();
  readonly #aborted: Promise<never>;
  #end: number;
  #ending: NodeJS.Timeout;
  #silence: NodeJS.Timeout;

  /** `end` by the clock of `performance.now()`. */
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

  /** Something moved: the silence begins anew. */
  progress(): void {
    this.#silence.refresh();
  }

  /** As many bytes are to be moved: that may take longer than the deadline allows a small call. */
  allow(bytes: number): void {
    clearTimeout(this.#ending);
    this.#end += bytes / slowestPerMillisecond;
    this.#ending = this.#endAt(this.#end);
  }

  /** As `allow`, for bytes that go out without anybody seeing their progress. */
  allowUnseen(bytes: number): void {
    this.allow(bytes);
    clearTimeout(this.#silence);
    this.#silence = this.#silenceOf(maxSilence + bytes / slowestPerMillisecond);
  }

  /** Ends the try from outside, where nobody awaits what broke. */
  fail(error: Error): void {
    this.#controller.abort(error);
  }

  /** Ends `work` when the time is over, even where it does not listen to the signal. */
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
 * Tries until `attempt` succeeds, fails with what does not pass by itself, or `deadline` milliseconds are over
 * (plus what transfers were allowed). Answers or throws what the last try did.
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
