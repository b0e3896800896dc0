import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { LogDestination, writeBeforeEnd } from '../../../src/observability/log-destination.ts';

/** Both ends of a FIFO, neither of which blocks. */
function openFifo() {
  const folder = mkdtempSync(join(tmpdir(), 'tintype-fifo-'));
  const path = join(folder, 'log');
  execFileSync('mkfifo', [path]);
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const fd = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
  onTestFinished(() => {
    closeSync(fd);
    rmSync(folder, { recursive: true });
  });
  const read = () => {
    const chunk = Buffer.alloc(1024 * 1024);
    try {
      return chunk.toString('latin1', 0, readSync(reader, chunk));
    } catch {
      return '';
    }
  };
  return { fd, reader, read };
}

const line = (n: number) => `${String(n).padStart(9, '0')}${'.'.repeat(990)}\n`;
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('A log whose reader stalls', () => {
  it('keeps 4 MB of lines and counts what it drops beyond them; a reader that goes on gets whole lines in order', async () => {
    const { fd, read } = openFifo();
    const log = new LogDestination({ fd });
    for (let n = 0; n < 10_000; n += 1) {
      log.write(line(n));
      if (n % 100 === 0) await turn();
    }
    expect(log.dropped).toBeGreaterThan(5600);
    expect(log.dropped).toBeLessThan(5900);
    let received = '';
    await expect
      .poll(() => (received += read()).length, { interval: 5, timeout: 20_000 })
      .toBe((10_000 - log.dropped) * 1000);
    const lines = received.split('\n').slice(0, -1);
    expect(lines.map((text) => `${text}\n`)).toEqual(lines.map((_, n) => line(n)));
    log.write(line(10_000));
    await expect.poll(read, { timeout: 20_000 }).toBe(line(10_000));
  });

  it('holds the end of the process up for a second, and no longer', () => {
    const { fd } = openFifo();
    const log = new LogDestination({ fd });
    for (let n = 0; n < 100; n += 1) log.write(line(n));
    const begun = performance.now();
    log.end();
    writeBeforeEnd({ fd }, 'the cause');
    expect(performance.now() - begun).toBeGreaterThan(1900);
    expect(performance.now() - begun).toBeLessThan(3000);
  });
});

it('A log whose reader has gone counts what is lost and goes on', async () => {
  const { fd, reader } = openFifo();
  const log = new LogDestination({ fd });
  closeSync(reader);
  for (let n = 0; n < 3; n += 1) log.write(line(n));
  await turn();
  log.write(line(3));
  log.end();
  expect(log.dropped).toBe(4);
});

it('A log on a full disk counts what is lost and goes on', () => {
  const fd = openSync('/dev/full', 'w');
  onTestFinished(() => closeSync(fd));
  expect(() => writeSync(fd, 'x')).toThrow('ENOSPC');
  const log = new LogDestination({ fd });
  log.write(line(1));
  log.end();
  expect(log.dropped).toBe(1);
});
