import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { type ServerProcess, serverToken, startServer } from '../support/server-process.ts';
import { solid } from '../support/tintype.ts';
import { startS3 } from './support/rgw.ts';

const day = 86_400_000;
const picture = await solid('#ff0000');
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tintype-clock-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** A server whose process reads its clock from libfaketime, and a way to move that clock while it runs. */
interface Moved extends ServerProcess {
  /** `+25h`: the offset to the real time from now on. */
  move(offset: string): Promise<void>;
}

/**
 * `wall`: only the clock of the day is moved, as by a wrong date. `both`: the monotonic clock runs on too, as when so much
 * time has passed.
 */
async function startAt(offset: string, clocks: 'wall' | 'both', settings: Record<string, string> = {}): Promise<Moved> {
  const file = join(folder, 'clock');
  const move = (to: string) => writeFile(file, `${to}\n`);
  await move(offset);
  const environment = {
    TINTYPE_STORE: `file:${join(folder, 'store')}`,
    TINTYPE_SWEEP_EVERY: '0s',
    FAKETIME_TIMESTAMP_FILE: file,
    FAKETIME_NO_CACHE: '1',
    ...(clocks === 'wall' ? { FAKETIME_DONT_FAKE_MONOTONIC: '1' } : {}),
    ...settings,
  };
  const before = 'export LD_PRELOAD="$(echo /usr/lib/*/faketime/libfaketimeMT.so.1)"';
  const server = await startServer(environment, undefined, undefined, before);
  onTestFinished(async () => void (await server.end('SIGTERM')));
  return { ...server, move };
}

/** On a connection of its own: a day that passes ends every idle one. */
const ask = (server: ServerProcess, method: string, path: string, body: Uint8Array<ArrayBuffer> | null = null) =>
  fetch(server.url + path, { method, headers: { Authorization: `Bearer ${serverToken}`, Connection: 'close' }, body });
const put = async (server: ServerProcess, id: string) =>
  expect((await ask(server, 'PUT', `/originals/${id}`, picture)).status).toBe(201);
const status = async (server: ServerProcess, id: string) => (await ask(server, 'GET', `/originals/${id}`)).status;
const sweep = async (server: ServerProcess) => (await ask(server, 'POST', '/sweep')).json();
const clock = async (server: ServerProcess) => {
  const body: unknown = await (await ask(server, 'GET', '/readyz')).json();
  return typeof body === 'object' && body !== null && 'clock' in body ? body.clock : null;
};
const metric = async (server: ServerProcess, name: string) =>
  new RegExp(`^${name} (.*)$`, 'm').exec(await (await ask(server, 'GET', '/metrics')).text())?.[1];

const retained = { TINTYPE_RETAIN_AGE: '30d' };

describe('A node whose clock is wrong', () => {
  it('two hours ahead leaves the bytes of an upload under way', async () => {
    const bytes = join(folder, 'store/o/upload');
    const name = `${createHash('sha256').update(picture).digest('hex')}.0123456789ab`;
    await mkdir(bytes, { recursive: true });
    await writeFile(join(bytes, name), picture);
    await sweep(await startAt('+2h', 'wall'));
    expect(await readdir(bytes)).toEqual([name]);
  });

  it('400 days ahead leaves pictures that are ten seconds old, and says so', async () => {
    const right = await startAt('+0', 'wall', retained);
    await put(right, 'new');
    await sweep(right);
    expect(await clock(right)).toBe('ok');
    await right.end('SIGTERM');
    const wrong = await startAt('+400d', 'wall', retained);
    expect(await clock(wrong)).toBe('jumped');
    for (let nth = 0; nth < 2; nth++) {
      expect(await sweep(wrong)).toMatchObject({ clock: 'jumped', expired: { objects: 0 }, marked: { objects: 0 } });
    }
    expect(await status(wrong, 'new')).toBe(200);
    expect(wrong.said()).toContain('Deletion by age has stopped');
    expect(await metric(wrong, 'tintype_clock_trusted')).toBe('0');
    await wrong.move('+0');
    expect([await clock(wrong), await metric(wrong, 'tintype_clock_trusted')]).toEqual(['ok', '1']);
  });

  it('says so as soon as its clock jumps while it runs', async () => {
    const server = await startAt('+0', 'wall', retained);
    await put(server, 'kept');
    await server.move('+400d');
    expect(await clock(server)).toBe('jumped');
    expect(await sweep(server)).toMatchObject({ clock: 'jumped', expired: { objects: 0 }, marked: { objects: 0 } });
    expect(await status(server, 'kept')).toBe(200);
  });

  it('goes by the clock of S3, and deletes nothing by age while the two differ by more than five minutes', async () => {
    const { endpoint, env, bucket } = await startS3();
    const s3 = { ...env, TINTYPE_STORE: `s3://${await bucket()}`, TINTYPE_S3_ENDPOINT: endpoint, ...retained };
    const server = await startAt('+400d', 'wall', s3);
    await put(server, 'far');
    expect(await clock(server)).toBe('skewed');
    expect(await sweep(server)).toMatchObject({ clock: 'skewed', expired: { objects: 0 }, marked: { objects: 0 } });
    expect(await status(server, 'far')).toBe(200);
    expect(Number(await metric(server, 'tintype_clock_skew_seconds'))).toBeCloseTo((400 * day) / 1000, -2);
    await server.move('+4m');
    await put(server, 'near');
    expect(await clock(server)).toBe('ok');
  });
});

describe('A node that has run for long enough', () => {
  it('deletes what it has marked a day before, and what is too old', async () => {
    const bytes = join(folder, 'store/o/broken');
    await mkdir(bytes, { recursive: true });
    await writeFile(join(bytes, `${'a'.repeat(64)}.0123456789ab`), picture);
    const server = await startAt('+0', 'both', { TINTYPE_RETAIN_AGE: '1d' });
    await put(server, 'old');
    expect(await sweep(server)).toMatchObject({ originals: { objects: 0 }, marked: { objects: 1 } });
    await server.move('+25h');
    await put(server, 'new');
    expect(await clock(server)).toBe('ok');
    expect(await sweep(server)).toMatchObject({ originals: { objects: 1 }, expired: { objects: 0 } });
    await server.move('+26h');
    expect(await sweep(server)).toMatchObject({ expired: { objects: 0 } });
    await server.move('+51h');
    expect(await sweep(server)).toMatchObject({ expired: { objects: 1 } });
    expect([await status(server, 'old'), await status(server, 'new')]).toEqual([404, 200]);
  });
});
