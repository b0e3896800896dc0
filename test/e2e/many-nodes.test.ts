import { createHash, randomInt } from 'node:crypto';
import { createClient } from 'redis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawPhoto } from '../support/photo.ts';
import { serverToken } from '../support/server-process.ts';
import { Model } from './support/model.ts';
import { ask, type ManyNodes, type Node, numbered, seen, startNodes, untilRedis } from './support/nodes.ts';

const long = 60_000;
const interleavings = process.env['TINTYPE_LONG'] === '1' ? 10_000 : 40;

let many: ManyNodes;
let a: Node;
let b: Node;

beforeAll(async () => {
  many = await startNodes();
  [a, b] = many.nodes;
});
afterAll(() => many.close());

const anyNode = () => many.nodes[randomInt(3)] ?? a;

/** What an id means: the number of its picture, or null. */
type Truth = Model<number | null>;

/** Reads at all nodes, again and again, until it is told to stop; answers what was wrong. */
function readOn(id: string, truth: Truth, nodes: readonly Node[] = many.nodes) {
  const over = new AbortController();
  const wrong: unknown[] = [];
  let reads = 0;
  const reading = nodes.map(async (node) => {
    while (!over.signal.aborted) {
      const found = await truth.read(() => seen(node, id));
      if (found !== null) wrong.push(found);
      reads += 1;
    }
  });
  return async () => {
    over.abort();
    await Promise.all(reading);
    return { wrong, reads };
  };
}

async function put(node: Node, id: string, number: number): Promise<void> {
  const answer = await ask(node, 'PUT', `/originals/${id}`, await numbered(number));
  if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`);
}

/** Has its variants made by a job; answers where to ask after it. */
async function putLater({ server }: Node, id: string): Promise<string> {
  const headers = { authorization: `Bearer ${serverToken}`, prefer: 'respond-async' };
  const body = await numbered(7);
  const answer = await fetch(`${server.url}/originals/${id}?eager=w_2,f_png`, { method: 'PUT', headers, body });
  expect(answer.status).toBe(202);
  return answer.headers.get('location') ?? '';
}

/** Something that changes what an id means, or makes all of it be made anew. */
async function change(truth: Truth, id: string, number: number): Promise<void> {
  const dice = randomInt(10);
  if (dice < 6) return truth.write(number, () => put(anyNode(), id, number));
  const status = async (method: string, path: string, body?: string) =>
    (await ask(anyNode(), method, path, body)).status;
  if (dice < 8) expect([204, 404]).toContain(await truth.write(null, () => status('DELETE', `/originals/${id}`)));
  else expect(await status('POST', '/purge', JSON.stringify({ ids: [id] }))).toBe(200);
}

describe('Three nodes on one bucket and one Redis', () => {
  it('render one cold variant once, however many ask each of them at once', async () => {
    const picture = await drawPhoto(1200, 900);
    expect((await ask(a, 'PUT', '/originals/lake', new Uint8Array(picture))).status).toBe(201);
    const answers = await Promise.all(
      Array.from({ length: 300 }, async (_, nth) => {
        const answer = await fetch(`${many.nodes[nth % 3]?.server.url}/img/lake/w_900,f_webp`);
        const digest = createHash('sha256').update(Buffer.from(await answer.arrayBuffer()));
        return [answer.status, answer.headers.get('cache-status') ?? '', digest.digest('hex')] as const;
      }),
    );
    expect([...new Set(answers.map(([status, , digest]) => `${status} ${digest}`))]).toHaveLength(1);
    const renders = answers.filter(([, how]) => how.includes('fwd=miss') && !how.includes('collapsed'));
    expect(renders).toHaveLength(1);
  });

  it('say how many of them forgot', async () => {
    await ask(b, 'PUT', '/originals/counted', await numbered(1));
    const purge = () => ask(a, 'POST', '/purge', '{"ids":["counted"]}');
    expect(await (await purge()).json()).toMatchObject({ originals: 1, nodes: 3 });
    expect(await (await ask(b, 'POST', '/purge', '{"all":true}')).json()).toMatchObject({ nodes: 3 });
    expect(await (await ask(b, 'DELETE', '/img/counted/w_4')).json()).toMatchObject({ nodes: 3 });
  });
});

describe('What was answered for on one node is true on all', () => {
  it(`in ${interleavings} random interleavings of PUT, DELETE, purge and GET`, async () => {
    const ids = Array.from({ length: 4 }, (_, nth) => `truth-${nth}`);
    const each = ids.map(async (id) => {
      const truth: Truth = new Model(null);
      const end = readOn(id, truth);
      for (let number = 1; number <= interleavings / ids.length; number++) await change(truth, id, number);
      return end();
    });
    const wrong = (await Promise.all(each)).flatMap(({ wrong }) => wrong);
    expect(wrong).toEqual([]);
  }, 1_800_000);

  it('while one of them cannot be told: who changes it waits until that one believes nothing', async () => {
    const truth: Truth = new Model(null);
    await truth.write(1, () => put(a, 'deaf', 1));
    const end = readOn('deaf', truth);
    b.proxy.hold('what hears');
    await truth.write(2, () => put(a, 'deaf', 2));
    await truth.write(null, async () => void (await ask(a, 'DELETE', '/originals/deaf')));
    await truth.write(3, () => put(a, 'deaf', 3));
    b.proxy.hold('nothing');
    await untilRedis(b, 'joined');
    expect((await end()).wrong).toEqual([]);
  });

  it('while one of them is cut off from Redis, which says so and goes on', async () => {
    const truth: Truth = new Model(null);
    await truth.write(1, () => put(b, 'cut', 1));
    const end = readOn('cut', truth);
    await b.proxy.cut();
    await truth.write(2, () => put(a, 'cut', 2));
    await untilRedis(b, 'disconnected');
    // It has to be believed by those who hear each other, though nobody can tell them.
    await truth.write(3, () => put(b, 'cut', 3));
    await truth.write(4, () => put(a, 'cut', 4));
    await b.proxy.accept();
    await untilRedis(b, 'joined');
    expect((await end()).wrong).toEqual([]);
  });

  it('while Redis is killed and comes back: no hit fails', async () => {
    const truth: Truth = new Model(null);
    await truth.write(1, () => put(a, 'outage', 1));
    const end = readOn('outage', truth);
    await many.redis.kill();
    await truth.write(2, () => put(a, 'outage', 2));
    await Promise.all(many.nodes.map((node) => untilRedis(node, 'disconnected')));
    await truth.write(3, () => put(b, 'outage', 3));
    const jobs = await Promise.all(many.nodes.map((node, nth) => putLater(node, `later-${nth}`)));
    await many.redis.up();
    await truth.write(4, () => put(a, 'outage', 4));
    await Promise.all(many.nodes.map((node) => untilRedis(node, 'joined')));
    await truth.write(5, () => put(b, 'outage', 5));
    jobs.push(await putLater(a, 'later'));
    const told = async (path: string): Promise<unknown> => (await ask(b, 'GET', path)).json();
    for (const job of jobs) {
      await expect.poll(() => told(job), { timeout: long }).toMatchObject({ status: 'complete' });
    }
    const { wrong, reads } = await end();
    expect(wrong).toEqual([]);
    expect(reads).toBeGreaterThan(100);
  });
});

describe('A node that is killed', () => {
  it('while it renders is waited for no longer than its lease, and then another renders', async () => {
    const picture = await drawPhoto(1200, 900);
    expect((await ask(a, 'PUT', '/originals/slow', new Uint8Array(picture))).status).toBe(201);
    const redis = createClient({ url: many.redis.url });
    await redis.connect();
    const words = '/img/slow/w_1200,f_avif';
    const lost = fetch(b.server.url + words).catch(() => null);
    await expect.poll(async () => (await redis.keys('*making:*slow*')).length, { interval: 2, timeout: long }).toBe(1);
    b.server.process.kill('SIGKILL');
    const answer = await fetch(a.server.url + words);
    await answer.arrayBuffer();
    expect([answer.status, answer.headers.get('cache-status')]).toEqual([200, expect.stringContaining('fwd=miss')]);
    await lost;
    b = await many.restart(b);
    expect((await fetch(b.server.url + words)).headers.get('cache-status')).toContain('detail=bucket');
    redis.destroy();
  });
});

describe('A client that guesses tokens', () => {
  it('is counted on all nodes together, and does not lock out a right token', async () => {
    const guess = (node: Node) =>
      fetch(`${node.server.url}/originals/x`, { headers: { authorization: 'Bearer not-the-token-at-all' } });
    for (let time = 0; time < 10; time++) for (const node of [a, b]) await guess(node);
    // A node learns of the others' with the next wrong one.
    await expect.poll(async () => (await guess(b)).status, { timeout: long }).toBe(429);
    const right = await fetch(`${b.server.url}/originals/x`, { headers: { authorization: `Bearer ${serverToken}` } });
    expect(right.status).toBe(404);
  });
});
