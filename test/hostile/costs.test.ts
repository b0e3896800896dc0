import { tmpdir } from 'node:os';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { LocalCluster } from '../../src/cluster/local.ts';
import { Budget } from '../../src/library/variants/budget.ts';
import { ChargedRenders } from '../../src/library/variants/charged-renders.ts';
import { noCost } from '../../src/render/planning/cost.ts';
import { ExceededDeadline } from '../../src/render/workers/child.ts';
import { openStore } from '../../src/store/index.ts';
import { drawAnimation } from '../support/animation.ts';
import { shelve, stopRenderer } from '../support/library.ts';
import { header, type Running, solid, startTintype, withToken } from '../support/tintype.ts';

afterAll(stopRenderer);

let running: Running | null = null;
afterEach(async () => {
  await running?.close();
  running = null;
});

async function start(environment: Readonly<Record<string, string>>): Promise<Running> {
  running = await startTintype(environment);
  return running;
}

describe('What a picture costs', () => {
  it.each([
    ['a detour over forty megapixels', 'c_scale,w_8190,h_4880/w_10,f_png', 500],
    ['a median on the way', 'c_scale,w_4000,h_4000,e_median:9/w_10,f_png', 1500],
    ['a detour after trimming', 'e_trim/c_scale,w_8190,h_4880/w_10,f_png', 500],
    ['a detour of a layer', 'w_10/l_logo,c_scale,w_8000,h_4000/w_5/fl_layer_apply', 300],
  ])('is what its steps take, not what comes out: %s', async (_name, words, milliseconds) => {
    const server = await start({ TINTYPE_WORKERS: 'none' });
    for (const id of ['cat', 'logo']) expect((await server.put(id, await solid('#ff8800'))).status).toBe(201);
    const answer = await server.get(`/explain/cat/${words}`, withToken);
    const { estimate } = (await answer.json()) as { readonly estimate: { readonly milliseconds: number } };
    expect(estimate.milliseconds).toBeGreaterThan(milliseconds);
  });

  it('is charged before it is made: a second detour of large pictures passes no small budget', async () => {
    const server = await start({ TINTYPE_WORKERS: 'none', TINTYPE_BUDGET: '2MP' });
    expect((await server.put('cat', await solid('#ff8800'))).status).toBe(201);
    const statuses: number[] = [];
    for (const side of [10, 11, 12]) {
      statuses.push((await server.get(`/img/cat/c_scale,w_4000,h_2000/w_${side},f_png`)).status);
    }
    expect(statuses).toEqual([200, 429, 429]);
  });

  it('is charged by the time it took where that was more than was thought', async () => {
    const node = await shelve(await openStore('memory:', { scratchFolder: tmpdir(), scratchBytes: 1e9 }));
    await node.put('cat', await solid('#ff8800'));
    const specs = [await node.specify('cat', 'w_9')];
    const budget = new Budget({ budget: 1_000_000 }, new LocalCluster());
    const renders = new ChargedRenders({ queue: { run: (work) => work() }, budget });
    const asker = { client: 'a', signal: null };
    const busy = () => new Promise((resolve) => setTimeout(resolve, 80));
    await renders.run(specs, { asker, cost: noCost }, busy);
    await expect(renders.run(specs, { asker, cost: noCost }, busy)).rejects.toMatchObject({ kind: 'over-budget' });
  });
});

describe('A picture that cannot be made in time', () => {
  it('is refused unseen where the deadline is far off, with its size and format', async () => {
    const server = await start({ TINTYPE_WORKERS: 'none', TINTYPE_DEADLINE: '1s' });
    expect((await server.put('cat', new Uint8Array(drawAnimation({ width: 16, height: 16, frames: 2 })))).status).toBe(
      201,
    );
    const refused = await server.get('/img/cat/c_scale,w_1600,h_1600,f_gif');
    expect([refused.status, header(refused, 'cache-control')]).toEqual([422, 'public, max-age=300']);
    expect(await refused.json()).toMatchObject({ detail: expect.stringContaining('2 frames of gif of 1600×1600') });
  });

  it('is tried once in ten minutes where the render itself used the time, and again where the machine was busy', async () => {
    const node = await shelve(await openStore('memory:', { scratchFolder: tmpdir(), scratchBytes: 1e9 }));
    await node.put('cat', await solid('#ff8800'));
    const budget = new Budget({ budget: null }, new LocalCluster());
    const renders = new ChargedRenders({ queue: { run: (work) => work() }, budget });
    let tries = 0;
    const attempt = async (words: string, cpu: number) => {
      const late = async () => {
        tries += 1;
        throw new ExceededDeadline(1000, cpu);
      };
      return renders
        .run([await node.specify('cat', words)], { asker: null, cost: noCost }, late)
        .catch((thrown) => thrown);
    };
    await attempt('w_9', 600);
    expect(await attempt('w_9', 600)).toMatchObject({ kind: 'deadline', headers: { 'Retry-After': '600' } });
    expect(tries).toBe(1);
    await node.put('cat', await solid('#0088ff'));
    await attempt('w_9', 600);
    for (let time = 0; time < 2; time++) await attempt('w_10', 400);
    expect(tries).toBe(4);
  });
});
