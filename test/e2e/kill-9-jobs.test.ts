import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Remote, startRemote } from '../support/remote.ts';
import { built, type ServerProcess, serverToken, startServer } from '../support/server-process.ts';
import { solid } from '../support/tintype.ts';

/** The whole loop takes minutes: a tenth of it runs unless all is asked for. */
const kills = process.env['TINTYPE_LONG'] === '1' ? 100 : 10;

const authorization = { authorization: `Bearer ${serverToken}` };
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const names = ['thumb', 'w_33,f_png', 'c_fill,h_20,w_20,f_jpg', 'w_44,f_webp', 'w_55,f_png'];

/** What was answered with 202: the job and the original it is about. */
interface Taken {
  readonly job: string;
  readonly id: string;
  readonly version: string;
}

interface Ended {
  readonly id: string;
  readonly status: string;
  readonly progress: number;
  readonly error: string | null;
  readonly results: readonly {
    readonly name: string;
    readonly url: string;
    readonly bytes: number | null;
    readonly error: string | null;
  }[];
}

describe('kill -9 at any moment of jobs', () => {
  let folder: string;
  let receiver: Remote;
  /** What was told of every job's end, by the id of the webhook. */
  const told = new Map<string, string[]>();
  const pictures: Uint8Array<ArrayBuffer>[] = [];
  const taken: Taken[] = [];

  const start = () =>
    startServer(
      {
        TINTYPE_STORE: `file:${folder}/data`,
        TINTYPE_LOG: 'error',
        TINTYPE_SWEEP_EVERY: '0s',
        TINTYPE_WEBHOOK: receiver.origin,
        TINTYPE_WEBHOOK_SECRET: 'the-secret-of-the-webhook',
      },
      folder,
      built,
    );

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tintype-kill-jobs-'));
    receiver = await startRemote((request, response) => {
      const id = String(request.headers['webhook-id']);
      let body = '';
      request.setEncoding('utf8').on('data', (chunk: string) => {
        body += chunk;
      });
      request.on('end', () => {
        told.set(id, [...(told.get(id) ?? []), body]);
        response.end();
      });
    });
    for (let shade = 0; shade < 6; shade++)
      pictures.push(await solid(`#${(40 * shade).toString(16).padStart(2, '0')}8040`, 300, 200));
  });
  afterAll(async () => {
    await receiver.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** One client that wants variants in the background, each of an original of its own, until the server is gone. */
  async function pester(server: ServerProcess, client: string): Promise<void> {
    for (let nth = 0; ; nth++) {
      const id = `${client}-${nth}`;
      const picture = pictures[nth % pictures.length] ?? new Uint8Array();
      try {
        const answer = await fetch(`${server.url}/originals/${id}?eager=${names.join(';')}`, {
          method: 'PUT',
          body: picture,
          headers: { ...authorization, prefer: 'respond-async' },
        });
        // The status line is the word; the rest of the answer may be lost.
        if (answer.status === 202)
          taken.push({ job: answer.headers.get('location') ?? '', id, version: sha256(picture) });
        await answer.arrayBuffer();
      } catch {
        return;
      }
    }
  }

  async function ended(server: ServerProcess, job: string): Promise<Ended> {
    for (;;) {
      const answer = await fetch(server.url + job, { headers: authorization });
      expect(answer.status, job).toBe(200);
      const shown = (await answer.json()) as Ended;
      if (shown.status === 'complete' || shown.status === 'failed') return shown;
      await pause(50);
    }
  }

  it(`(${kills} times) loses none that was acknowledged, and each ends once in effect`, async () => {
    for (let kill = 0; kill < kills; kill++) {
      const server = await start();
      const clients = [0, 1].map((client) => pester(server, `${kill}-${client}`));
      // After none to five acknowledged jobs of this life, and a while.
      const enough = taken.length + (kill % 6);
      while (taken.length < enough) await pause(5);
      await pause(randomBytes(1)[0] ?? 0);
      await server.end('SIGKILL');
      await Promise.all(clients);
    }
    const server = await start();
    const jobs: Ended[] = [];
    for (const each of taken) {
      const job = await ended(server, each.job);
      await verify(server, each, job);
      jobs.push(job);
    }
    await heard(server, jobs);
    await server.end('SIGTERM');
    const again = await start();
    for (const [index, { job }] of taken.entries()) expect(await ended(again, job)).toEqual(jobs[index]);
    await again.end('SIGTERM');
    expect(taken.length).toBeGreaterThan(kills);
    // What is left to do was never acknowledged.
    const open = await readdir(join(folder, 'data', 'j', 'open')).catch((): string[] => []);
    expect(taken.filter(({ job }) => open.includes(job.slice('/jobs/'.length)))).toEqual([]);
    const repeated = [...told.values()].filter((bodies) => bodies.length > 1).length;
    console.info(`${kills} kills: ${taken.length} jobs acknowledged, all complete; ${repeated} webhooks came twice`);
  }, 1_800_000);

  /** The job did all it was asked, and what it made is there once. */
  async function verify(server: ServerProcess, { id, version }: Taken, job: Ended): Promise<void> {
    expect(job, id).toMatchObject({ status: 'complete', progress: 1, error: null });
    expect(job.results.map(({ name, error }) => [name, error])).toEqual(names.map((name) => [name, null]));
    const stored = await fetch(`${server.url}/originals/${id}`, { headers: authorization });
    expect(sha256(new Uint8Array(await stored.arrayBuffer())), id).toBe(version);
    const info = await fetch(`${server.url}/originals/${id}/info`, { headers: authorization });
    const { variants } = (await info.json()) as { readonly variants: readonly { readonly bytes: number }[] };
    const bytes = (those: readonly { readonly bytes: number | null }[]) => new Set(those.map((each) => each.bytes));
    expect([variants.length, bytes(variants)], id).toEqual([names.length, bytes(job.results)]);
    for (const { url, bytes: length } of job.results) {
      const answer = await fetch(server.url + url);
      expect([answer.status, answer.headers.get('cache-status')], url).toEqual([200, expect.stringContaining('hit')]);
      expect((await answer.arrayBuffer()).byteLength, url).toBe(length);
    }
  }

  /** Every end was told under one id, with the same words however often. */
  async function heard(server: ServerProcess, jobs: readonly Ended[]): Promise<void> {
    for (const job of jobs) {
      const webhook = `${job.id}-webhook`;
      await vi.waitFor(() => expect(told.has(webhook)).toBe(true), { timeout: 60_000 });
      expect(await ended(server, `/jobs/${webhook}`)).toMatchObject({ status: 'complete' });
      const bodies = [...new Set(told.get(webhook))].map((body) => JSON.parse(body) as unknown);
      expect(bodies, job.id).toMatchObject([{ type: 'job.complete', data: job }]);
    }
  }
});
