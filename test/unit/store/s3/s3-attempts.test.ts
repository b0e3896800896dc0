import { describe, expect, test } from 'vitest';
import { type Attempt, persist } from '../../../../src/store/s3/s3-attempts.ts';

const passing = (): Error => Object.assign(new Error('as asked'), { name: 'SlowDown' });
const never = new Promise<never>(() => undefined);

/** How `work` ended and after how many milliseconds. */
async function outcome(work: Promise<unknown>): Promise<{ readonly ended: unknown; readonly after: number }> {
  const began = performance.now();
  const ended = await work.catch((error: unknown) => error);
  return { ended, after: performance.now() - began };
}

describe('a call to a far server', () => {
  test('is tried until it succeeds', async () => {
    const tries: number[] = [];
    const answer = await persist(5000, async ({ number }) => {
      tries.push(number);
      if (number < 4) throw passing();
      return 'done';
    });
    expect(answer).toBe('done');
    expect(tries).toEqual([1, 2, 3, 4]);
  });

  test('is not tried again when the reason stays', async () => {
    let tries = 0;
    const work = persist(5000, async () => {
      tries += 1;
      throw Object.assign(new Error('no'), { name: 'AccessDenied', $metadata: { httpStatusCode: 403 } });
    });
    await expect(work).rejects.toThrow('no');
    expect(tries).toBe(1);
  });

  test('is given up after a few tries', async () => {
    let tries = 0;
    const { ended } = await outcome(
      persist(60_000, async () => {
        tries += 1;
        throw passing();
      }),
    );
    expect(ended).toMatchObject({ name: 'SlowDown' });
    expect(tries).toBe(6);
  });

  test('ends with its deadline, even where the work does not listen', async () => {
    const { ended, after } = await outcome(persist(200, () => never));
    expect(ended).toMatchObject({ name: 'TimeoutError', message: 'No answer after the deadline' });
    expect(after).toBeGreaterThan(150);
    expect(after).toBeLessThan(1000);
  });

  test('is not tried again when the pause would pass the deadline', async () => {
    const { ended, after } = await outcome(
      persist(120, async () => {
        throw passing();
      }),
    );
    expect(ended).toMatchObject({ name: 'SlowDown' });
    // All tries with their pauses take 1.5 s.
    expect(after).toBeLessThan(700);
  });

  test('has a second more for each megabyte', async () => {
    const slow = async (attempt: Attempt): Promise<string> => {
      attempt.allow(300_000);
      await new Promise((resolve) => setTimeout(resolve, 300));
      return 'done';
    };
    expect(await persist(200, slow)).toBe('done');
  });

  test('ends when something breaks that nobody awaits', async () => {
    const broken = persist(5000, (attempt) => {
      attempt.fail(Object.assign(new Error('the file is gone'), { code: 'ENOENT' }));
      return never;
    });
    await expect(broken).rejects.toThrow('the file is gone');
  });

  test('leaves the signal of a finished try alone, so that a stream it answered lives on', async () => {
    const signal = await persist(50, async (attempt) => attempt.signal);
    await outcome(persist(100, () => never));
    expect(signal.aborted).toBe(false);
  });
});
