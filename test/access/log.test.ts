import { afterEach, describe, expect, it, vi } from 'vitest';
import { sampled } from '../../src/http/message/log-sampler.ts';
import { type RequestLine, refusedLine } from '../../src/http/message/request-log.ts';

afterEach(() => vi.useRealTimers());

function flood() {
  const lines: RequestLine[] = [];
  const log = sampled((line) => lines.push(line));
  const send = (status: number, times: number) => {
    for (let time = 0; time < times; time++) {
      log({ method: 'GET', path: '/x', status, bytes: 0, milliseconds: 0, ...(status < 400 ? {} : { failure: 'x' }) });
    }
  };
  return { lines, send };
}

describe('Threat K8: a flood of refusals', () => {
  it('is sampled: the first twenty a second, then how many were left out', () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const { lines, send } = flood();
    send(404, 5000);
    expect(lines).toHaveLength(20);
    vi.advanceTimersByTime(1000);
    send(404, 2);
    expect(lines.slice(20).map(({ skipped }) => skipped)).toEqual([4980, undefined]);
  });

  it('hides neither other refusals nor what goes well', () => {
    const { lines, send } = flood();
    send(404, 100);
    send(403, 1);
    send(200, 100);
    expect(lines).toHaveLength(20 + 1 + 100);
  });
});

describe('Threat K8: what a client writes into the log', () => {
  it.each([
    ['a line of its own', '/a\nb', '/a\\u000ab'],
    ["a terminal's orders", '/\u001b[31m\u009b2J', '/\\u001b[31m\\u009b2J'],
    ['20 kB', `/${'a'.repeat(20_000)}`, `/${'a'.repeat(199)}`],
    ['a secret of ours', '/img/cat/s--abc--/w_9', '/img/cat/s--…/w_9'],
  ])('is shown and cut: %s', (_what, url, path) => {
    expect(refusedLine({ method: 'GET', url }, 400, 'bad-request').path).toBe(path);
  });
});
