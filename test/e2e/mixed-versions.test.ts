import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { built, type ServerProcess, startServer } from '../support/server-process.ts';
import { assertCommit, buildEarlier, earlier, root, run } from './support/earlier.ts';
import { ask, numbered, seen } from './support/nodes.ts';
import { RedisServer } from './support/redis.ts';
import { startS3 } from './support/rgw.ts';
import { jobAt, type Side, Traffic } from './support/traffic.ts';

const seconds = process.env['TINTYPE_LONG'] === '1' ? 600 : 60;
/** After one version has ended. */
const secondsAlone = seconds / 10;

let entryBefore: readonly string[];
let folder: string;
const running = new Set<ServerProcess>();

beforeAll(async () => {
  entryBefore = await buildEarlier();
  folder = await mkdtemp(join(tmpdir(), 'tintype-mixed-'));
}, 600_000);
afterEach(async () => {
  await Promise.all([...running].map((server) => server.end('SIGKILL')));
  running.clear();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function start(name: 'before' | 'now', environment: Readonly<Record<string, string>>): Promise<Side> {
  const usual = { TINTYPE_WORKERS: 'none', TINTYPE_SWEEP_EVERY: '0s' };
  const server = await startServer({ ...usual, ...environment }, folder, name === 'before' ? entryBefore : built);
  running.add(server);
  return { name, server };
}

/** A node of many answers in `/readyz` that it is joined; the member that says so has another name in each version. */
async function untilJoined({ server }: Side): Promise<void> {
  await expect.poll(async () => (await fetch(`${server.url}/readyz`)).text(), { timeout: 30_000 }).toMatch(/"joined"/);
}

describe(`Version ${earlier.version} and this one`, () => {
  it(
    `on one bucket and one Redis: no wrong answer in ${seconds} s, and the earlier one goes on alone`,
    async () => {
      const s3 = await startS3();
      const redis = await RedisServer.start();
      try {
        const shared = {
          ...s3.env,
          TINTYPE_STORE: `s3://${await s3.bucket()}/pictures`,
          TINTYPE_S3_ENDPOINT: s3.endpoint,
          TINTYPE_S3_FORCE_PATH_STYLE: 'true',
          TINTYPE_REDIS: redis.url,
        };
        const [before, now] = await Promise.all([start('before', shared), start('now', shared)]);
        await Promise.all([before, now].map(untilJoined));
        for (const side of [before, now]) {
          const purge = async (): Promise<unknown> => (await ask(side, 'POST', '/purge', '{"ids":["a"]}')).json();
          await expect.poll(purge, { timeout: 10_000 }).toMatchObject({ nodes: 2 });
        }
        const traffic = new Traffic(['a', 'b', 'c', 'd'], [before, now]);
        expect(await traffic.run(seconds)).toEqual([]);
        expect(traffic.counts).toEqual(
          Object.fromEntries(Object.keys(traffic.counts).map((kind) => [kind, expect.toSatisfy((n: number) => n > 0)])),
        );
        const left = await jobAt(now, 'last', ['w_3,f_png', 'w_4,f_webp', 'w_5,f_jpg']);
        await now.server.end('SIGTERM');
        traffic.sides = [before];
        expect(await traffic.run(secondsAlone)).toEqual([]);
        await expect.poll(() => left.statusAt(before), { timeout: 60_000 }).toBe('complete');
        console.info(`answers by side and kind: ${JSON.stringify(traffic.counts)}`);
      } finally {
        await redis.close();
      }
    },
    (seconds + secondsAlone) * 1000 + 180_000,
  );

  it('open what the other left in a folder, there and back', async () => {
    const shared = { TINTYPE_STORE: `file:${folder}/data` };
    const truth = new Map<string, number | null>();
    for (const [nth, name] of (['before', 'now', 'before', 'now'] as const).entries()) {
      const side = await start(name, shared);
      for (const [id, number] of truth) expect([name, id, await seen(side, id)]).toEqual([name, id, number]);
      const listed = await (await ask(side, 'GET', '/originals?tag=kept')).json();
      expect(listed).toMatchObject({ originals: { length: [...truth.values()].filter((n) => n !== null).length } });
      // What the other stored is replaced, deleted, purged and kept.
      const replaced = `replaced-${nth - 1}`;
      if (truth.has(replaced)) truth.set(replaced, await put(side, replaced, nth * 10));
      if (truth.has(`deleted-${nth - 1}`)) {
        expect((await ask(side, 'DELETE', `/originals/deleted-${nth - 1}`)).status).toBe(204);
        truth.set(`deleted-${nth - 1}`, null);
      }
      if (nth > 0) expect((await ask(side, 'POST', '/purge', '{"all":true}')).status).toBe(200);
      for (const [place, kind] of ['kept', 'replaced', 'deleted'].entries()) {
        truth.set(`${kind}-${nth}`, await put(side, `${kind}-${nth}`, nth * 1000 + place));
      }
      const job = await jobAt(side, `job-${nth}`, ['w_2,f_png']);
      await expect.poll(() => job.statusAt(side), { timeout: 30_000 }).toBe('complete');
      for (const [id, number] of truth) expect([name, id, await seen(side, id)]).toEqual([name, id, number]);
      expect(await side.server.end('SIGTERM')).toBe(0);
      running.delete(side.server);
    }
  }, 120_000);
});

describe('A shallow clone', () => {
  it('fails, and says how to get the earlier commit', async () => {
    const shallow = join(folder, 'shallow');
    await run('git', ['clone', '--quiet', '--no-checkout', '--depth', '1', `file://${root}`, shallow]);
    await expect(assertCommit(shallow)).rejects.toThrow(/lacks commit 2659624.*git fetch --unshallow --tags/);
  });
});

async function put(side: Side, id: string, number: number): Promise<number> {
  const answer = await ask(side, 'PUT', `/originals/${id}?tags=kept`, await numbered(number));
  expect(answer.ok, await answer.text()).toBe(true);
  return number;
}
