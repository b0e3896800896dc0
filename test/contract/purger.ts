import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CdnApi, purgerOf } from '../../src/purge/provider.ts';
import type { Cdn, Keys } from '../../src/purge/purger.ts';

export interface Heard {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A provider as its documentation says it speaks. */
export interface Speaks {
  readonly kind: string;
  readonly mostKeys: number;
  readonly softens: boolean;
  /** Whether it says after how long to come again. */
  readonly saysWhen: boolean;
  /** Must be in no error. */
  readonly secret: string;
  open(endpoint: string): CdnApi | Promise<CdnApi>;
  /** What a request asks for; null for one that its API does not know. */
  readonly hear: (request: Heard) => { readonly keys: Keys; readonly soft: boolean } | null;
  readonly yes: Answer;
  /** A refusal that no waiting helps against. */
  readonly no: Answer;
}

/** A listener that speaks for a provider; `answers` are given one after the other, then always `yes`. */
interface Listening {
  readonly server: Server;
  readonly endpoint: string;
  readonly orders: { readonly keys: Keys; readonly soft: boolean; readonly at: number }[];
  readonly answers: ((keys: Keys) => Answer | 'nothing')[];
}

const patience = { pause: 20, answer: 300 };

async function listen({ hear, yes }: Speaks): Promise<Listening> {
  const orders: Listening['orders'] = [];
  const answers: Listening['answers'] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const { method = '', url: path = '', headers } = request;
      const order = hear({ method, path, headers: plain(headers), body });
      if (order === null) {
        response.writeHead(400).end();
        return;
      }
      orders.push({ ...order, at: performance.now() });
      const answer = answers.shift()?.(order.keys) ?? yes;
      if (answer !== 'nothing') response.writeHead(answer.status, answer.headers).end(answer.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { server, endpoint: `http://127.0.0.1:${port}`, orders, answers };
}

function plain(headers: IncomingHttpHeaders): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}

const never = new AbortController().signal;

/** Every promise of `Purger`, against a listener that speaks the provider's documented API. */
export function purgerContract(speaks: Speaks): void {
  describe(speaks.kind, () => {
    let remote: Listening;
    let purger: Cdn;
    beforeEach(async () => {
      remote = await listen(speaks);
      purger = purgerOf(await speaks.open(remote.endpoint), patience);
    });
    afterEach(async () => {
      remote.server.closeAllConnections();
      await new Promise((resolve) => remote.server.close(resolve));
    });
    const all = (count: number) => Array.from({ length: count }, (_, index) => `img:${index}`);
    const busy = (status: number, headers = {}) => ({ status, headers, body: '' });

    it('is told every key, each once, in as few requests as it allows', async () => {
      const keys = all(speaks.mostKeys + 3);
      const told = await purger.purge({ keys: [...keys, 'img:0'], soft: false }, never);
      expect(told).toEqual({ left: [], error: null, soft: false });
      expect(remote.orders.map((order) => order.keys.length)).toEqual([speaks.mostKeys, 3]);
      expect(remote.orders.flatMap((order) => order.keys)).toEqual(keys);
    });

    it('is told everything', async () => {
      expect((await purger.purge({ keys: 'everything', soft: false }, never)).left).toEqual([]);
      expect(remote.orders.map((order) => order.keys)).toEqual(['everything']);
    });

    it('marks stale where it can, and says so where it cannot', async () => {
      expect((await purger.purge({ keys: ['img:a'], soft: true }, never)).soft).toBe(speaks.softens);
      expect(remote.orders.map(({ soft }) => soft)).toEqual([speaks.softens]);
    });

    it.each([408, 429, 500, 503])('is asked again after a %i', async (status) => {
      remote.answers.push(() => busy(status));
      expect((await purger.purge({ keys: ['img:a'], soft: false }, never)).left).toEqual([]);
      expect(remote.orders).toHaveLength(2);
    });

    it('is asked again where it does not answer', async () => {
      remote.answers.push(() => 'nothing');
      expect((await purger.purge({ keys: ['img:a'], soft: false }, never)).left).toEqual([]);
      expect(remote.orders).toHaveLength(2);
    });

    if (speaks.saysWhen) {
      it('is left alone for as long as it asks', async () => {
        remote.answers.push(() => busy(429, { 'retry-after': '1' }));
        await purger.purge({ keys: ['img:a'], soft: false }, never);
        const [first, second] = remote.orders;
        expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThan(950);
      });
    }

    it('is given up after three tries, without a secret in what is said', async () => {
      remote.answers.push(...[1, 2, 3].map(() => () => busy(503)));
      const told = await purger.purge({ keys: ['img:a'], soft: false }, never);
      expect(told.left).toEqual(['img:a']);
      expect(remote.orders).toHaveLength(3);
      expect(told.error).toMatch(/./);
      expect(told.error).not.toContain(speaks.secret);
      expect(told.error).not.toContain('127.0.0.1');
    });

    it('is not asked again once it refused for good', async () => {
      remote.answers.push(() => speaks.no);
      const told = await purger.purge({ keys: ['img:a'], soft: false }, never);
      expect(told.left).toEqual(['img:a']);
      expect(remote.orders).toHaveLength(1);
      expect(told.error).not.toContain(speaks.secret);
    });

    it('holds no batch up with one that fails, and names what is left', async () => {
      const keys = all(2 * speaks.mostKeys + 1);
      remote.answers.push((asked) => (asked.includes('img:0') ? speaks.no : speaks.yes));
      const told = await purger.purge({ keys, soft: false }, never);
      expect(told.left).toEqual(keys.slice(0, speaks.mostKeys));
      expect(remote.orders).toHaveLength(3);
    });

    it('is waited for no longer than somebody wants to wait', async () => {
      remote.answers.push(
        () => 'nothing',
        () => 'nothing',
        () => 'nothing',
      );
      const waiting = new AbortController();
      const telling = purger.purge({ keys: ['img:a'], soft: false }, waiting.signal);
      await expect.poll(() => remote.orders.length).toBe(1);
      waiting.abort();
      expect(await telling).toMatchObject({ left: ['img:a'], error: expect.stringMatching(/^The CDN did not answer/) });
      expect(remote.orders).toHaveLength(1);
    });

    it('may be gone: that is no exception', async () => {
      remote.server.closeAllConnections();
      await new Promise((resolve) => remote.server.close(resolve));
      expect((await purger.purge({ keys: 'everything', soft: false }, never)).left).toBe('everything');
    });
  });
}
