import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { tintypeOnPort } from '../support/listening.ts';
import { secret, solid } from '../support/tintype.ts';
import { dial, head, statuses } from '../support/wire.ts';

const megabyte = 1024 * 1024;
const Authorization = `Bearer ${secret}`;
let server: Awaited<ReturnType<typeof tintypeOnPort>>;
let picture: Uint8Array<ArrayBuffer>;

beforeAll(async () => {
  server = await tintypeOnPort({ TINTYPE_MAX_BYTES: '1MB' });
  picture = await solid('#ff8800', 300, 200);
  await server.put('taken', picture);
});
afterAll(() => server.close());

/** What is spoken past the log: node-server and node write there. */
const spoken = () => [vi.mocked(console.error).mock.calls, vi.mocked(console.info).mock.calls].flat();
beforeEach(() => {
  vi.spyOn(console, 'error').mockReturnValue();
  vi.spyOn(console, 'info').mockReturnValue();
});
afterEach(() => {
  vi.restoreAllMocks();
});

const put = (id: string, fields: Readonly<Record<string, string | number>>) => head(`PUT /originals/${id}`, fields);

async function stored(): Promise<readonly string[]> {
  const { entries } = await server.tintype.store.list('', { limit: 1000 });
  return entries.map(({ key }) => key);
}

describe('Threat G8: Expect: 100-continue (RFC 9110 §10.1.1)', () => {
  const expecting = { Authorization, Expect: '100-continue', 'Content-Length': 1000 };

  it.each([
    ['no token', { ...expecting, Authorization: 'none' }, 'x', 401],
    ['a wrong token', { ...expecting, Authorization: 'Bearer a-wrong-token-altogether' }, 'x', 401],
    ['a length over the limit', { ...expecting, 'Content-Length': 2 * megabyte }, 'x', 413],
    ['an encoding', { ...expecting, 'Content-Encoding': 'gzip' }, 'x', 415],
    ['a precondition that fails', { ...expecting, 'If-None-Match': '*' }, 'taken', 412],
    ['a digest that is none', { ...expecting, 'Content-Digest': 'sha-256=nonsense' }, 'x', 400],
    ['an id that is none', expecting, '.x', 400],
    ['a query word that nobody knows', expecting, 'x?colour=red', 400],
  ])('with %s is refused before the body is asked for', async (_what, fields, id, status) => {
    const wire = await dial(server.port);
    wire.send(put(id, fields));
    expect(await wire.closed).toBe('end');
    wire.socket.destroy();
    expect(statuses(wire.received())).toEqual([status]);
    expect(wire.received()).toMatch(/^connection: close\r$/im);
  });

  it('is answered once when the body is wanted, and the connection stays', async () => {
    const wire = await dial(server.port);
    wire.send(put('expected', { ...expecting, 'Content-Length': picture.byteLength }));
    await wire.until(/^HTTP\/1\.1 100 Continue\r\n\r\n$/);
    wire.send(picture);
    await wire.until(/\r\n\r\n\{.*\}$/);
    wire.send(head('GET /livez'));
    await wire.until(/"ok"/);
    expect(statuses(wire.received())).toEqual([100, 201, 200]);
    wire.socket.destroy();
  });

  it('of something else is ignored', async () => {
    const wire = await dial(server.port);
    wire.send(head('GET /livez', { Expect: 'wonders' }));
    await wire.until(/"ok"/);
    expect(statuses(wire.received())).toEqual([200]);
    wire.socket.destroy();
  });
});

describe('Threats F6 and G1: an upload that is refused', () => {
  it('by its token is answered although 100 MB are still to come, and its connection ends', async () => {
    const wire = await dial(server.port);
    wire.send(put('big', { Authorization: 'Bearer a-wrong-token-altogether', 'Content-Length': 100 * megabyte }));
    await wire.until(/"unauthorized"/);
    expect(wire.received()).toMatch(/^connection: close\r$/im);
    // On it goes, as clients do that have not looked: no more than buffers hold is taken.
    let sent = 0;
    const chunk = new Uint8Array(64 * 1024);
    while (!wire.socket.destroyed && sent < 100 * megabyte) {
      sent += chunk.byteLength;
      if (!wire.socket.write(chunk))
        await Promise.race([once(wire.socket, 'drain'), once(wire.socket, 'close')]).catch(() => {});
    }
    expect(sent).toBeLessThan(32 * megabyte);
  });

  it('by a count of its chunks is answered before its end', async () => {
    const wire = await dial(server.port);
    wire.send(put('chunks', { Authorization, 'Transfer-Encoding': 'chunked' }));
    const chunk = new Uint8Array(megabyte / 2);
    for (let n = 0; n < 3; n++) {
      wire.send(`${chunk.byteLength.toString(16)}\r\n`);
      wire.send(chunk);
      wire.send('\r\n');
    }
    expect(statuses(await wire.until(/"too-big"/))).toEqual([413]);
    expect(await wire.closed).toBe('end');
    wire.socket.destroy();
  });

  it('leaves its answer readable for a client that goes on sending before it reads (RFC 9112 §9.6)', async () => {
    const wire = await dial(server.port);
    const lines = server.log.length;
    wire.socket.pause();
    wire.send(put('x', { 'Content-Length': megabyte }));
    const chunk = () => new Promise((resolve) => wire.socket.write(new Uint8Array(1024), resolve));
    await chunk();
    await vi.waitFor(() => expect(server.log.length).toBe(lines + 1));
    // A reset would come with the first of these, and fail the others.
    for (let n = 0; n < 5; n++) await chunk();
    wire.socket.resume();
    expect(await wire.closed).toBe('end');
    expect(statuses(wire.received())).toEqual([401]);
    wire.socket.destroy();
  });
});

describe('Threat G2: a body that breaks off', () => {
  const cases = ['FIN', 'RST'].flatMap((how) => [10, 50, 99].map((percent) => [how, percent] as const));

  it.each(cases)(
    'by %s at %i percent stores nothing, and is one line of the log without a stack',
    async (how, percent) => {
      const before = [await stored(), server.log.length, server.reports.length];
      const wire = await dial(server.port);
      wire.send(put('short', { Authorization, 'Content-Length': picture.byteLength, Expect: '100-continue' }));
      await wire.until(/100 Continue/);
      wire.send(picture.subarray(0, Math.floor((picture.byteLength * percent) / 100)));
      if (how === 'RST') wire.socket.resetAndDestroy();
      else {
        wire.socket.end();
        await wire.closed;
        expect(statuses(wire.received())).toEqual([100, 400]);
      }
      await vi.waitFor(() => expect(server.log.length).toBe((before[1] as number) + 1));
      expect(server.log.at(-1)).toMatchObject({ status: 400, id: 'short', failure: 'digest-differs' });
      await vi.waitFor(async () => expect(await stored()).toEqual(before[0]));
      expect([server.reports.length, spoken()]).toEqual([before[2], []]);
    },
  );

  it('in chunks stores nothing either (RFC 9112 §7.1)', async () => {
    const before = await stored();
    const wire = await dial(server.port);
    wire.send(put('short', { Authorization, 'Transfer-Encoding': 'chunked' }));
    wire.send('5\r\nhello\r\n');
    wire.socket.end();
    expect(await wire.closed).toBe('end');
    expect(statuses(wire.received())).toEqual([400]);
    expect(await stored()).toEqual(before);
  });
});

describe('A download that the client leaves', () => {
  it('is nothing worth a word', async () => {
    await server.put('left', await solid('#123456', 700, 700));
    const wire = await dial(server.port);
    wire.send(head('GET /originals/left', { Authorization }));
    await wire.until(/^HTTP\/1\.1 200/);
    wire.socket.resetAndDestroy();
    expect((await fetch(`http://127.0.0.1:${server.port}/livez`)).status).toBe(200);
    expect([server.reports, spoken()]).toEqual([[], []]);
  });
});
