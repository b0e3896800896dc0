import { mkdtempSync } from 'node:fs';
import { readdir, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { tintypeOnPort } from '../support/listening.ts';
import { secret, solid } from '../support/tintype.ts';
import { dial, head, statuses, type Wire } from '../support/wire.ts';

const folder = mkdtempSync(join(tmpdir(), 'tintype-forms-'));
const boundary = 'a-boundary';
let server: Awaited<ReturnType<typeof tintypeOnPort>>;
let picture: Buffer;

beforeAll(async () => {
  server = await tintypeOnPort({ TINTYPE_STORE: `file:${folder}` });
  picture = Buffer.from(await solid('#ff8800', 300, 200));
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

/** Header fields of a part and the bytes under them. */
type Part = readonly [disposition: string, body: string | Uint8Array];

const file: Part = ['form-data; name="file"; filename="a.png"', 'not a picture'];

function formOf(parts: readonly Part[], end = `--${boundary}--\r\n`): Buffer {
  const texts = parts.flatMap(([disposition, body]) => [
    Buffer.from(`--${boundary}\r\nContent-Disposition: ${disposition}\r\n\r\n`),
    Buffer.from(body),
    Buffer.from('\r\n'),
  ]);
  return Buffer.concat([...texts, Buffer.from(end)]);
}

/** Begins to post a form of `length` bytes and sends `sent`, which may be fewer. */
async function post(sent: Uint8Array, length: number): Promise<Wire> {
  const wire = await dial(server.port);
  const type = `multipart/form-data; boundary=${boundary}`;
  wire.send(
    head('POST /originals', { Authorization: `Bearer ${secret}`, 'Content-Type': type, 'Content-Length': length }),
  );
  wire.send(sent);
  return wire;
}

const spooled = async () => (await readdir(join(folder, 'tmp'))).filter((name) => name.startsWith('upload-'));

/** What the open descriptors of this process lead to, without those that Node opens and closes by itself. */
async function openFiles(): Promise<readonly string[]> {
  const links = await Promise.all(
    (await readdir('/proc/self/fd')).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')),
  );
  return links.filter((link) => /^socket:|upload-/.test(link)).map((link) => link.replace(/\d+/, ''));
}

const second = { timeout: 1000, interval: 20 };
/** Sockets of refused uploads stay open for up to a second after their answer. */
const afterwards = { timeout: 5000, interval: 20 };

describe('A form that is refused', () => {
  const cases: readonly (readonly [string, readonly Part[]])[] = [
    ['a part without a name', [['form-data', 'x'], file]],
    ['a file without a name', [['form-data; filename="a.png"', 'x']]],
    ['a file of another name', [['form-data; name="photo"; filename="a.png"', 'x']]],
    ['an unknown field before its file', [['form-data; name="colour"', 'red'], file]],
    ['an unknown field after its file', [file, ['form-data; name="colour"', 'red']]],
    ['a long id before its file', [['form-data; name="id"', 'a'.repeat(5000)], file]],
    ['a long id after its file', [file, ['form-data; name="id"', 'a'.repeat(5000)]]],
    ['an id twice', [['form-data; name="id"', 'a'], ['form-data; name="id"', 'b'], file]],
    ['two files', [file, file]],
    ['more parts than any form has', [...Array.from({ length: 12 }, (): Part => ['form-data; name="id"', '']), file]],
  ];

  async function expectRefusal(sent: Uint8Array, length: number): Promise<void> {
    const before = await openFiles();
    const wire = await post(sent, length);
    await vi.waitFor(() => expect(statuses(wire.received())).toEqual([400]), second);
    expect(wire.received()).toMatch(/"code":"bad-request"/);
    await vi.waitFor(async () => expect(await spooled()).toEqual([]), second);
    wire.socket.destroy();
    await vi.waitFor(async () => expect(await openFiles()).toEqual(before), afterwards);
  }

  it.each(cases)('for %s is answered within a second', async (_what, parts) => {
    const whole = formOf(parts);
    await expectRefusal(whole, whole.length);
  });

  it.each(cases)('for %s is answered while the client still sends its last part', async (_what, parts) => {
    const begun = formOf([...parts, ['form-data; name="file"; filename="b.png"', picture]], '');
    await expectRefusal(begun, begun.length + 1_000_000);
  });
});

describe('A form that breaks off', () => {
  const places: readonly (readonly [string, () => Buffer])[] = [
    ['inside the header of a part', () => Buffer.from(`--${boundary}\r\nContent-Dispo`)],
    ['inside a field', () => Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="id"\r\n\r\nsome`)],
    ['inside its file', () => formOf([['form-data; name="file"; filename="a.png"', picture.subarray(0, 400)]], '')],
  ];
  const ways: readonly (readonly [string, (wire: Wire) => void])[] = [
    ['FIN', (wire) => wire.socket.destroy()],
    ['RST', (wire) => wire.socket.resetAndDestroy()],
    ['half-close', (wire) => wire.socket.end()],
  ];

  it.each(places.flatMap(([place, bytes]) => ways.map(([how, cut]) => [place, how, bytes, cut] as const)))(
    '%s by %s leaves no file and no descriptor',
    async (_place, how, bytes, cut) => {
      const before = [await openFiles(), server.log.length] as const;
      const sent = bytes();
      const wire = await post(sent, sent.length + 100_000);
      await vi.waitFor(async () => expect(await spooled()).toHaveLength(1), second);
      cut(wire);
      if (how === 'half-close') {
        await vi.waitFor(() => expect(statuses(wire.received())).toEqual([400]), second);
        wire.socket.destroy();
      }
      await vi.waitFor(async () => expect([await spooled(), await openFiles()]).toEqual([[], before[0]]), afterwards);
      expect(server.log.slice(before[1])).toMatchObject([{ status: 400, failure: 'digest-differs' }]);
    },
  );
});

describe('After all of them', () => {
  it('the server still takes a whole form', async () => {
    const whole = formOf([
      ['form-data; name="id"', 'whole'],
      ['form-data; name="file"; filename="a.png"', picture],
    ]);
    const wire = await post(whole, whole.length);
    await wire.until(/\r\n\r\n\{.*\}$/);
    expect(statuses(wire.received())).toEqual([201]);
    wire.socket.destroy();
  });
});
