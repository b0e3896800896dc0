import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { Failure } from '../../../src/errors.ts';
import { formats } from '../../../src/formats/index.ts';
import type { RenderPlan } from '../../../src/render/planning/plan.ts';
import { type PoolOptions, pooledRenderer, WorkerPool } from '../../../src/render/workers/pool.ts';
import { drawPhoto } from '../../support/photo.ts';

let folder: string;
let photo: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tintype-pool-'));
  photo = join(folder, 'photo.jpg');
  await writeFile(photo, await drawPhoto(4000, 3000, { format: 'jpeg', quality: 85, seed: 1 }));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const quick: RenderPlan = plan(200, 150, 'webp');
/** Seconds of work on any machine. */
const slow: RenderPlan = plan(8000, 5000, 'avif');

function plan(width: number, height: number, format: 'webp' | 'avif'): RenderPlan {
  const encoding = formats[format].encode({ pixels: width * height, frames: 1 });
  return { source: 'pixels', page: 0, steps: [{ kind: 'resize', width, height }], format, encoding, width, height };
}

interface Started {
  readonly pool: WorkerPool;
  readonly reports: readonly unknown[];
  readonly render: (plan: RenderPlan, version?: string) => Promise<unknown>;
}

async function start(options: Partial<PoolOptions> = {}): Promise<Started> {
  const reports: unknown[] = [];
  const report: PoolOptions['report'] = (_sentence, cause) => reports.push(cause);
  const pool = await WorkerPool.start({
    size: 1,
    deadline: 60_000,
    memory: 2 ** 31,
    environment: {},
    ended: () => undefined,
    report,
    ...options,
  });
  onTestFinished(() => pool.close());
  const render: Started['render'] = (asked, version = 'photo') =>
    pool.run(version, 'render', { plans: [asked], path: photo, version });
  return { pool, reports, render };
}

const kindOf = (thrown: unknown) => (thrown instanceof Failure ? thrown.kind : thrown);

/** Waits for a fact about the process table, not for time to pass. */
async function until(fact: () => boolean): Promise<void> {
  while (!fact()) await new Promise((resolve) => setImmediate(resolve));
}

/** From now on timers fire when the test says so; processes go on. */
function holdClock(): void {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
  onTestFinished(() => void vi.useRealTimers());
}

/** A task has been handed to its process. */
const received = () => new Promise((resolve) => setImmediate(resolve));

const cpuOf = (pid: number) => Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ')[13]);

/** Once it has used this much CPU (in 10 ms), its task is under way. */
const busy = (pid: number, from: number) => until(() => cpuOf(pid) > from + 5);

describe('A rendering process', () => {
  it('that goes on keeps nothing of what it has answered', async () => {
    setFlagsFromString('--expose-gc');
    const collect: unknown = runInNewContext('gc');
    if (typeof collect !== 'function') throw new Error('Expected a way to collect garbage');
    const { render } = await start();
    const answered: WeakRef<object>[] = [];
    for (let width = 100; width < 105; width++)
      answered.push(new WeakRef(Object(await render(plan(width, 80, 'webp')))));
    for (let turn = 0; turn < 50 && answered.some((answer) => answer.deref() !== undefined); turn++) {
      await new Promise((resolve) => setImmediate(resolve));
      collect();
    }
    // The newest may still be on its way out.
    expect(answered.filter((answer) => answer.deref() !== undefined).length).toBeLessThan(2);
  });

  it('that is killed in the middle of a task costs nobody an answer: the task runs once more in a fresh one', async () => {
    const { pool, render, reports } = await start();
    const [victim = 0] = pool.pids;
    const rendering = render(plan(1500, 1100, 'webp'));
    await busy(victim, cpuOf(victim));
    process.kill(victim, 'SIGKILL');
    expect(await rendering).toMatchObject([expect.any(Uint8Array)]);
    expect(pool.pids).not.toContain(victim);
    expect(reports).toMatchObject([{ end: 'died', task: 'render' }]);
  });

  it('is killed at the deadline whatever native code does, and the next task gets a fresh one', async () => {
    const { pool, render } = await start({ deadline: 1000 });
    const [first = 0] = pool.pids;
    expect(await render(slow).catch(kindOf)).toBe('deadline');
    expect(readdirSync('/proc')).not.toContain(String(first));
    expect(await render(quick)).toMatchObject([expect.any(Uint8Array)]);
  });

  it('is not killed at the deadline by the clock where the machine gives it no CPU, but at twice that', async () => {
    const { pool, render, reports } = await start({ deadline: 1000 });
    const [child = 0] = pool.pids;
    holdClock();
    process.kill(child, 'SIGSTOP');
    const late = render(quick);
    await received();
    await vi.advanceTimersByTimeAsync(1999);
    process.kill(child, 'SIGCONT');
    expect(await late).toMatchObject([expect.any(Uint8Array)]);
    process.kill(child, 'SIGSTOP');
    const tooLate = render(quick).catch((thrown: unknown) => thrown);
    await received();
    await vi.advanceTimersByTimeAsync(2000);
    expect(await tooLate).toMatchObject({ kind: 'deadline', isOwnWork: false });
    expect(reports).toMatchObject([{ end: 'deadline', task: 'render' }]);
  });

  it('is killed as soon as it has used the CPU of its deadline', async () => {
    const { pool, render } = await start({ deadline: 300 });
    const [greedy = 0] = pool.pids;
    holdClock();
    const before = cpuOf(greedy);
    const rendering = render(slow).catch((thrown: unknown) => thrown);
    await until(() => cpuOf(greedy) > before + 35);
    await vi.advanceTimersByTimeAsync(50);
    expect(await rendering).toMatchObject({ kind: 'deadline', isOwnWork: true });
  });

  it('is killed when it takes more memory than it may, and the file is remembered', async () => {
    const { render, reports } = await start({ memory: 2 ** 27 });
    expect(await render(slow, 'glutton').catch(kindOf)).toBe('refused-image');
    expect(reports).toMatchObject([{ end: 'memory' }]);
    expect(await render(quick, 'glutton').catch(kindOf)).toBe('refused-image');
    expect(reports).toHaveLength(1);
    expect(await render(quick, 'other')).toMatchObject([expect.any(Uint8Array)]);
  });

  it('dies with its own task alone: the others go on', async () => {
    const { pool, render } = await start({ size: 2 });
    await until(() => pool.pids.length === 2);
    const both = Promise.all([render(plan(1500, 1100, 'webp'), 'a'), render(plan(1400, 1000, 'webp'), 'b')]);
    const [victim = 0] = pool.pids;
    await busy(victim, cpuOf(victim));
    process.kill(victim, 'SIGKILL');
    expect(await both).toHaveLength(2);
  });

  it('sees nothing of the environment but what it is given', async () => {
    const { pool } = await start({ environment: { TMPDIR: folder } });
    const [pid] = pool.pids;
    const names = readFileSync(`/proc/${pid}/environ`, 'utf8')
      .split('\0')
      .map((pair) => pair.split('=')[0]);
    expect(names.filter((name) => name !== '' && !name?.startsWith('NODE_'))).toEqual(['TMPDIR', 'UV_THREADPOOL_SIZE']);
  });

  it('comes after the server in the queue for CPU, and before it when the kernel needs memory', async () => {
    const { pool } = await start();
    const [pid] = pool.pids;
    expect(Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ')[18])).toBeGreaterThan(0);
    expect(Number(readFileSync(`/proc/${pid}/oom_score_adj`, 'utf8'))).toBe(500);
  });
});

describe('Rendering processes that are killed while nobody needs them', () => {
  it('are replaced, and the next file is not blamed for it', async () => {
    const { pool, render } = await start({ size: 2 });
    await until(() => pool.pids.length === 2);
    await render(quick, 'innocent');
    for (const pid of pool.pids) process.kill(pid, 'SIGSEGV');
    expect(await render(quick, 'innocent')).toMatchObject([expect.any(Uint8Array)]);
    for (const pid of pool.pids) process.kill(pid, 'SIGSEGV');
    expect(await render(quick, 'innocent')).toMatchObject([expect.any(Uint8Array)]);
  });
});

describe('A file that killed two rendering processes', () => {
  it('is refused without trying, while others are rendered', async () => {
    const { pool, render } = await start();
    const rendering = render(slow, 'killer').catch(kindOf);
    for (let kill = 0; kill < 2; kill++) {
      await until(() => pool.pids.length === 1);
      const [victim = 0] = pool.pids;
      // More than it needs to start: by then it is rendering.
      await busy(victim, 100);
      process.kill(victim, 'SIGKILL');
      await until(() => !pool.pids.includes(victim));
    }
    expect(await rendering).toBe('refused-image');
    expect(await render(quick, 'killer').catch(kindOf)).toBe('refused-image');
    expect(await render(quick, 'harmless')).toMatchObject([expect.any(Uint8Array)]);
  });
});

describe('An upload that takes too long to be prepared', () => {
  it('is refused, and the next time without trying', async () => {
    const { pool, reports } = await start({ deadline: 300 });
    const policy = { formats: ['jpg'], maxPixels: 1e8, maxTotalPixels: 1e8, maxFrames: 1, svg: 'off' } as const;
    const prepare = () =>
      pooledRenderer(pool)
        .prepare({ path: photo, version: 'endless' }, { out: join(folder, 'out'), policy, mode: 'webp' })
        .catch(kindOf);
    expect([await prepare(), await prepare()]).toEqual(['refused-image', 'refused-image']);
    expect(reports).toMatchObject([{ end: 'deadline', task: 'prepare' }]);
  });
});

describe('A pool that is closed', () => {
  it('leaves no process behind', async () => {
    const { pool } = await start({ size: 2 });
    const { pids } = pool;
    await pool.close();
    for (const pid of pids) expect(readdirSync('/proc')).not.toContain(String(pid));
  });
});
