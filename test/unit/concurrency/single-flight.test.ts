import { describe, expect, it } from 'vitest';
import { SingleFlight } from '../../../src/concurrency/single-flight.ts';

/** One flight whose work is told when everybody has left, and can be ended from outside. */
function flight() {
  const flights = new SingleFlight<string>();
  let [begun, abandoned] = [0, 0];
  let end: (value: string) => void = () => {};
  const work = (signal: AbortSignal) => {
    begun += 1;
    return new Promise<string>((resolve, reject) => {
      end = resolve;
      signal.addEventListener('abort', () => {
        abandoned += 1;
        reject(new Error('abandoned'));
      });
    });
  };
  const join = () => {
    const leaving = new AbortController();
    const outcome = flights.join('key', work, leaving.signal).then(
      ({ value, collapsed }) => `${value}${collapsed ? ' collapsed' : ''}`,
      (thrown: Error) => thrown.message,
    );
    return { leave: () => leaving.abort(), outcome };
  };
  return { flights, join, end: () => end('made'), counts: () => [begun, abandoned] };
}

describe('Threat H2: one render for many', () => {
  it('goes on when the first of them leaves', async () => {
    const { join, end, counts } = flight();
    const [first, second] = [join(), join()];
    first.leave();
    end();
    expect([await second.outcome, counts()]).toEqual(['made collapsed', [1, 0]]);
  });

  it('goes on when a later one leaves', async () => {
    const { join, end, counts } = flight();
    const [first, second] = [join(), join()];
    second.leave();
    end();
    expect([await first.outcome, counts()]).toEqual(['made', [1, 0]]);
  });

  it('is dropped when the last of them has left, and who comes then starts anew', async () => {
    const { join, end, counts } = flight();
    const [first, second] = [join(), join()];
    second.leave();
    first.leave();
    const third = join();
    expect([await first.outcome, await second.outcome]).toEqual(['abandoned', 'abandoned']);
    end();
    expect([await third.outcome, counts()]).toEqual(['made', [2, 1]]);
  });

  it('is not dropped under somebody who waits to the end', async () => {
    const { flights, join, end, counts } = flight();
    const first = join();
    const patient = flights.join('key', async () => 'another');
    first.leave();
    end();
    expect([(await patient).value, counts()]).toEqual(['made', [1, 0]]);
  });

  it('remembers nothing of one that was over', async () => {
    const { flights, join, end } = flight();
    const first = join();
    end();
    await first.outcome;
    expect(flights.has('key')).toBe(false);
  });
});
