import { afterEach, describe, expect, it, vi } from 'vitest';
import { CircuitBreaker } from '../../../src/concurrency/circuit-breaker.ts';
import { Failure } from '../../../src/errors.ts';

const silent = () => Promise.reject(new Failure('store-unreachable', 'No answer'));
const answer = () => Promise.resolve('here');

async function fail(breaker: CircuitBreaker, times: number): Promise<void> {
  for (let time = 0; time < times; time++) await breaker.run(silent).catch(() => undefined);
}

afterEach(() => vi.useRealTimers());

describe('A breaker', () => {
  it('stops asking after so many failures in a row, and says so at once', async () => {
    const breaker = new CircuitBreaker({ failures: 3, pause: 60_000, slow: 60_000 });
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
    const breaker = new CircuitBreaker({ failures: 3, pause: 60_000, slow: 60_000 });
    await fail(breaker, 2);
    await breaker.run(() => Promise.reject(new Failure('disk-full', 'Full'))).catch(() => undefined);
    await fail(breaker, 2);
    expect(await breaker.run(answer)).toBe('here');
    expect(breaker.isOpen).toBe(false);
  });

  it('lets one through after the pause, and everybody once that was answered', async () => {
    const breaker = new CircuitBreaker({ failures: 1, pause: 0, slow: 60_000 });
    await fail(breaker, 1);
    expect(breaker.isOpen).toBe(true);
    expect(await breaker.run(answer)).toBe('here');
    expect(breaker.isOpen).toBe(false);
  });

  it('lets one through in each pause while nobody knows whether the store is back', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const breaker = new CircuitBreaker({ failures: 1, pause: 1000, slow: 60_000 });
    await fail(breaker, 1);
    const tried: string[] = [];
    const hanging = () => new Promise<string>(() => tried.push('hanging'));
    const refused = { kind: 'store-unreachable' };
    vi.advanceTimersByTime(999);
    await expect(breaker.run(answer)).rejects.toMatchObject(refused);
    vi.advanceTimersByTime(1);
    void breaker.run(hanging);
    for (let call = 0; call < 5; call++) await expect(breaker.run(answer)).rejects.toMatchObject(refused);
    vi.advanceTimersByTime(1000);
    void breaker.run(hanging);
    await expect(breaker.run(answer)).rejects.toMatchObject(refused);
    expect(tried).toHaveLength(2);
  });

  it('takes a short call that does not come back for a failure, though it goes on', async () => {
    const breaker = new CircuitBreaker({ failures: 1, pause: 60_000, slow: 5 });
    let end: (answer: string) => void = () => {};
    const hanging = breaker.runShort(() => new Promise<string>((resolve) => (end = resolve)));
    await expect.poll(() => breaker.isOpen).toBe(true);
    end('late');
    expect(await hanging).toBe('late');
    expect(breaker.isOpen).toBe(false);
  });
});
