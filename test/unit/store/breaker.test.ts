import { describe, expect, it } from 'vitest';
import { Failure } from '../../../src/errors.ts';
import { Breaker } from '../../../src/store/breaker.ts';

const silent = () => Promise.reject(new Failure('store-unreachable', 'No answer'));
const answer = () => Promise.resolve('here');

async function fail(breaker: Breaker, times: number): Promise<void> {
  for (let time = 0; time < times; time++) await breaker.run(silent).catch(() => undefined);
}

describe('A breaker', () => {
  it('stops asking after so many failures in a row, and says so at once', async () => {
    const breaker = new Breaker({ failures: 3, pause: 60_000, slow: 60_000 });
    await fail(breaker, 3);
    let asked = 0;
    const asking = breaker.run(() => {
      asked += 1;
      return answer();
    });
    await expect(asking).rejects.toMatchObject({ kind: 'store-unreachable' });
    expect(asked).toBe(0);
  });

  it('counts failures in a row only, and an answer that is a refusal is an answer', async () => {
    const breaker = new Breaker({ failures: 3, pause: 60_000, slow: 60_000 });
    await fail(breaker, 2);
    await breaker.run(() => Promise.reject(new Failure('disk-full', 'Full'))).catch(() => undefined);
    await fail(breaker, 2);
    expect(await breaker.run(answer)).toBe('here');
    expect(breaker.isOpen).toBe(false);
  });

  it('lets one through after the pause, and everybody once that was answered', async () => {
    const breaker = new Breaker({ failures: 1, pause: 0, slow: 60_000 });
    await fail(breaker, 1);
    expect(breaker.isOpen).toBe(true);
    expect(await breaker.run(answer)).toBe('here');
    expect(breaker.isOpen).toBe(false);
  });

  it('takes a short call that does not come back for a failure, though it goes on', async () => {
    const breaker = new Breaker({ failures: 1, pause: 60_000, slow: 5 });
    let end: (answer: string) => void = () => {};
    const hanging = breaker.runShort(() => new Promise<string>((resolve) => (end = resolve)));
    await expect.poll(() => breaker.isOpen).toBe(true);
    end('late');
    expect(await hanging).toBe('late');
    expect(breaker.isOpen).toBe(false);
  });
});
