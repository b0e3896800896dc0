import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { built, type ServerProcess, serverToken, startServer } from '../support/server-process.ts';
import { solid } from '../support/tintype.ts';

/** The whole loop takes minutes: a tenth of it runs unless all is asked for. */
const kills = process.env['TINTYPE_LONG'] === '1' ? 200 : 20;

const authorization = { authorization: `Bearer ${serverToken}` };
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

describe('kill -9 at any moment of uploads and renders', () => {
  let folder: string;
  const pictures: Uint8Array<ArrayBuffer>[] = [];
  /** What was acknowledged, and what may have happened without an answer. */
  const acknowledged = new Map<string, string>();
  const attempted = new Map<string, Set<string>>();

  const start = () => startServer({ TINTYPE_STORE: `file:${folder}/data`, TINTYPE_LOG: 'error' }, folder, built);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tintype-kill-'));
    for (let shade = 0; shade < 6; shade++)
      pictures.push(await solid(`#${(40 * shade).toString(16).padStart(2, '0')}8040`, 300, 200));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** One client that writes and reads until the server is gone. */
  async function pester(server: ServerProcess, ids: readonly string[]): Promise<void> {
    for (;;) {
      const id = ids[Math.floor(Math.random() * ids.length)] ?? 'x';
      const picture = pictures[Math.floor(Math.random() * pictures.length)] ?? new Uint8Array();
      const version = sha256(picture);
      attempted.set(id, (attempted.get(id) ?? new Set()).add(version));
      try {
        const answer = await fetch(`${server.url}/originals/${id}`, {
          method: 'PUT',
          body: picture,
          headers: authorization,
        });
        if (answer.ok) {
          acknowledged.set(id, version);
          attempted.set(id, new Set([version]));
        }
        await (await fetch(`${server.url}/img/${id}/w_${10 + Math.floor(Math.random() * 50)},f_png`)).arrayBuffer();
      } catch {
        return;
      }
    }
  }

  it(`(${kills} times) loses nothing that was acknowledged, and tears nothing`, async () => {
    for (let kill = 0; kill < kills; kill++) {
      const server = await start();
      await verify(server);
      // Each client has ids of its own, so that the last acknowledged version of an id is known.
      const clients = [0, 1, 2].map((client) => pester(server, [`${kill}-${client}-a`, `${kill}-${client}-b`]));
      await new Promise((resolve) => setTimeout(resolve, 20 + (randomBytes(1)[0] ?? 0) * 3));
      await server.end('SIGKILL');
      await Promise.all(clients);
    }
    const server = await start();
    await verify(server);
    await server.end('SIGTERM');
    expect(acknowledged.size).toBeGreaterThan(kills);
    expect(await readdir(join(folder, 'data', 'tmp'))).toEqual([]);
  }, 900_000);

  /** Every acknowledged original is there with its SHA-256 (or with one that was sent later), and can be rendered. */
  async function verify(server: ServerProcess): Promise<void> {
    for (const [id, version] of acknowledged) {
      const answer = await fetch(`${server.url}/originals/${id}`, { headers: authorization });
      expect(answer.status, id).toBe(200);
      const found = sha256(new Uint8Array(await answer.arrayBuffer()));
      expect([version, ...(attempted.get(id) ?? [])], id).toContain(found);
      expect((await fetch(`${server.url}/img/${id}/w_20,f_webp`)).status, id).toBe(200);
    }
  }
});
