import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { onPort } from '../support/listening.ts';
import { dial, head, statuses } from '../support/wire.ts';

/** The usual patience, a hundred times shorter. */
const hasty = { headers: 100, every: 10, grace: 100, leastRate: 10_000 };

/** Reads the whole body, then answers with its length. */
const reads = async (request: Request) => new Response(String((await request.arrayBuffer()).byteLength));

describe('Threat G3: a slow client', () => {
  it('that does not finish its header fields is told 408 and let go (RFC 9110 §15.5.9)', async () => {
    const { port, log } = await onPort(reads, hasty);
    const wire = await dial(port);
    wire.send('GET /livez HTTP/1.1\r\nHost: x\r\n');
    const drip = setInterval(() => wire.send('X: y\r\n'), 20);
    await wire.closed;
    clearInterval(drip);
    expect(statuses(wire.received())).toEqual([408]);
    expect(wire.received()).toMatch(/^connection: close\r$/im);
    expect(log).toMatchObject([{ status: 408, failure: 'too-slow' }]);
    wire.socket.destroy();
  });

  it('that sends nothing at all is let go', async () => {
    const { port } = await onPort(reads, hasty);
    const wire = await dial(port);
    await wire.closed;
    expect(statuses(wire.received())).toEqual([408]);
    wire.socket.destroy();
  });

  it('that sends its body drop by drop is told 408 and let go', async () => {
    const { port } = await onPort(reads, hasty);
    const wire = await dial(port);
    wire.send(head('PUT /x', { 'Content-Length': 1_000_000 }));
    const drip = setInterval(() => wire.send('a'), 10);
    await wire.closed;
    clearInterval(drip);
    expect(statuses(wire.received())).toEqual([408]);
    wire.socket.destroy();
  });

  it('that sends slowly but steadily is waited for', async () => {
    const { port } = await onPort(reads, hasty);
    const wire = await dial(port);
    const pieces = 40;
    wire.send(head('PUT /x', { 'Content-Length': pieces * 1000 }));
    // Three times the least rate, for four times the grace.
    for (let n = 0; n < pieces; n++) {
      wire.send('a'.repeat(1000));
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    await wire.until(/40000$/);
    wire.socket.destroy();
  });

  it('whose body waits for us, longer than the grace, is not blamed', async () => {
    const { port } = await onPort(async (request) => {
      await new Promise((resolve) => setTimeout(resolve, 400));
      return reads(request);
    }, hasty);
    const wire = await dial(port);
    wire.send(head('PUT /x', { 'Content-Length': 1_000_000 }));
    wire.send(new Uint8Array(1_000_000));
    await wire.until(/1000000$/);
    wire.socket.destroy();
  });

  it('that does not take its answer is let go, and one that takes it slowly is not', async () => {
    const body = new Uint8Array(32 * 1024 * 1024);
    const { port } = await onPort(() => new Response(body), hasty);
    const lazy = await dial(port);
    lazy.socket.pause();
    lazy.send(head('GET /x'));
    const steady = await dial(port);
    steady.send(head('GET /x', { Connection: 'close' }));
    let taken = 0;
    steady.socket.on('data', (chunk: Buffer) => {
      taken += chunk.byteLength;
      steady.socket.pause();
      setTimeout(() => steady.socket.resume(), 1);
    });
    expect(await steady.closed).toBe('end');
    expect(taken).toBeGreaterThan(body.byteLength);
    lazy.socket.resume();
    await lazy.closed;
    expect(lazy.received().length).toBeLessThan(body.byteLength / 2);
  });
});

describe('Threat G3: connections', () => {
  it('beyond the cap are not taken, and are again when others have gone', async () => {
    let answer: () => void = () => {};
    const answered = new Promise<void>((resolve) => {
      answer = resolve;
    });
    let asked = 0;
    const slow = async () => {
      asked += 1;
      await answered;
      return new Response('ok');
    };
    const { port } = await onPort(slow, { connections: 2 });
    const first = await dial(port);
    first.send(head('GET /x'));
    await expect.poll(() => asked).toBe(1);
    const second = await dial(port);
    second.send(head('GET /x'));
    await expect.poll(() => asked).toBe(2);
    const third = await dial(port);
    third.send(head('GET /x'));
    await third.closed;
    expect(third.received()).toBe('');
    answer();
    await Promise.all([first.until(/ok$/), second.until(/ok$/)]);
    first.socket.destroy();
    await once(first.socket, 'close');
    const isAnswered = async () => {
      const fourth = await dial(port);
      fourth.send(head('GET /x', { Connection: 'close' }));
      await fourth.closed;
      return fourth.received().endsWith('ok');
    };
    while (!(await isAnswered()));
    second.socket.destroy();
  });

  it('are kept for longer than load balancers keep theirs', async () => {
    const { port } = await onPort(() => new Response('ok'));
    const wire = await dial(port);
    wire.send(head('GET /x'));
    expect(await wire.until(/ok$/)).toMatch(/^keep-alive: timeout=95\r$/im);
    wire.socket.destroy();
  });
});
