import { describe, expect, it } from 'vitest';
import type { Failure } from '../../../src/errors.ts';
import { Gate } from '../../../src/render/gate.ts';

const limits = { renders: 1, queue: 4, queueWait: 60_000 };

/** Work that goes on until it is told to end. */
function work(): { readonly run: () => Promise<void>; readonly end: () => void } {
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { run: () => ended, end };
}

const turn = (client: string, signal: AbortSignal | null = null) => ({ client, signal });
const kindOf = (refused: Promise<unknown>) =>
  refused.then(
    () => 'done',
    ({ kind }: Failure) => kind,
  );

describe('Threat H5: at the gate', () => {
  it('turns go around among clients, however much one of them wants', async () => {
    const gate = new Gate({ ...limits, queue: 10 });
    const first = work();
    const order: string[] = [];
    const all = [gate.pass(first.run)];
    const wish = (name: string) => all.push(gate.pass(async () => void order.push(name), turn(name[0] ?? '')));
    for (const name of ['a1', 'a2', 'a3', 'b1', 'a4', 'c1', 'b2']) wish(name);
    first.end();
    await Promise.all(all);
    expect(order).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3', 'a4']);
    expect([gate.running, gate.waiting]).toEqual([0, 0]);
  });

  it('a full queue of one client has room for another, at the cost of its newest wish', async () => {
    const gate = new Gate(limits);
    const first = work();
    const running = gate.pass(first.run, turn('greedy'));
    const wishes = Array.from({ length: 5 }, () => kindOf(gate.pass(async () => {}, turn('greedy'))));
    expect(await wishes[4]).toBe('overloaded');
    const polite = kindOf(gate.pass(async () => {}, turn('polite')));
    expect(await wishes[3]).toBe('overloaded');
    first.end();
    await running;
    expect(await Promise.all([...wishes.slice(0, 3), polite])).toEqual(['done', 'done', 'done', 'done']);
  });

  it('a full queue in which all wait for as much has no room for anybody', async () => {
    const gate = new Gate(limits);
    const first = work();
    const running = gate.pass(first.run);
    const wishes = ['a', 'b', 'c', 'd'].map((client) => kindOf(gate.pass(async () => {}, turn(client))));
    expect(await kindOf(gate.pass(async () => {}, turn('e')))).toBe('overloaded');
    first.end();
    await running;
    expect(await Promise.all(wishes)).toEqual(['done', 'done', 'done', 'done']);
  });
});

describe('Threat H2: at the gate', () => {
  it('who goes away leaves the queue at once', async () => {
    const gate = new Gate(limits);
    const first = work();
    const running = gate.pass(first.run);
    const leaving = new AbortController();
    let ran = false;
    const gone = kindOf(
      gate.pass(
        async () => {
          ran = true;
        },
        turn('a', leaving.signal),
      ),
    );
    expect(gate.waiting).toBe(1);
    leaving.abort();
    expect([await gone, gate.waiting]).toEqual(['abandoned', 0]);
    first.end();
    await running;
    expect([ran, gate.running]).toEqual([false, 0]);
    expect(await kindOf(gate.pass(async () => {}, turn('a', leaving.signal)))).toBe('abandoned');
  });
});
