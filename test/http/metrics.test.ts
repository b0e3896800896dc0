import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Running, secret, solid, startTintype } from '../support/tintype.ts';

let server: Running;
beforeAll(async () => {
  server = await startTintype({ TINTYPE_WORKERS: 'none' });
  await server.put('cat', await solid('#00ff00'));
});
afterAll(() => server.close());

/** The series of `/metrics` with this name whose labels are these among others; their sum. */
async function sum(name: string, labels: Readonly<Record<string, string>> = {}): Promise<number> {
  const answer = await server.get('/metrics', { authorization: `Bearer ${secret}` });
  expect(answer.status).toBe(200);
  const lines = (await answer.text()).split('\n').filter((line) => new RegExp(`^${name}[{ ]`).test(line));
  return lines
    .filter((line) => Object.entries(labels).every(([label, value]) => line.includes(`${label}="${value}"`)))
    .reduce((total, line) => total + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}

describe('/metrics', () => {
  it('counts what was asked by route, status, tier and format', async () => {
    const image = { route: '/img/*', method: 'GET', status: '200', format: 'webp' };
    for (let time = 0; time < 3; time++) await server.get('/img/cat/w_7,f_webp');
    expect(await sum('tintype_requests_total', { ...image, tier: 'render' })).toBe(1);
    expect(await sum('tintype_requests_total', { ...image, tier: 'memory' })).toBe(2);
    expect(await sum('tintype_request_duration_seconds_count', { route: '/img/*', tier: 'memory' })).toBe(2);
    expect(await sum('tintype_response_bytes_total', { route: '/img/*' })).toBeGreaterThan(0);
  });

  it('times the stages of a render and the calls of the stores', async () => {
    const before = await sum('tintype_stage_duration_seconds_count', { stage: 'render' });
    await server.get('/img/cat/w_8,f_webp');
    expect(await sum('tintype_stage_duration_seconds_count', { stage: 'render' })).toBe(before + 1);
    expect(await sum('tintype_store_duration_seconds_count', { store: 'originals', operation: 'get' })).toBeGreaterThan(
      0,
    );
  });

  it('counts refusals by kind, and repeats nothing that a client sent', async () => {
    await server.get('/img/nobody/w_8');
    await server.send('BREW', '/img/cat/<script>');
    expect(await sum('tintype_refusals_total', { failure: 'missing-original' })).toBe(1);
    const text = await (await server.get('/metrics', { authorization: `Bearer ${secret}` })).text();
    expect(text).not.toMatch(/script|nobody|BREW/);
  });

  it('shows each gauge within its limit', async () => {
    expect(await sum('tintype_renders_limit')).toBeGreaterThan(0);
    expect(await sum('tintype_memory_bytes')).toBeGreaterThan(0);
    expect(await sum('tintype_memory_bytes')).toBeLessThanOrEqual(await sum('tintype_memory_limit_bytes'));
    expect(await sum('tintype_renderer_alive')).toBe(1);
  });

  it('repeats each renamed metric under the name it had before', async () => {
    const renamed = [
      ['tintype_request_duration_seconds_count', 'tintype_request_seconds_count'],
      ['tintype_stage_duration_seconds_sum', 'tintype_stage_seconds_sum'],
      ['tintype_store_duration_seconds_bucket', 'tintype_store_seconds_bucket'],
      ['tintype_renders_limit', 'tintype_renders_most'],
      ['tintype_renders_waiting_limit', 'tintype_renders_waiting_most'],
      ['tintype_memory_limit_bytes', 'tintype_memory_bytes_most'],
      ['tintype_cluster_disconnected', 'tintype_nodes_apart'],
    ] as const;
    const text = await (await server.get('/metrics', { authorization: `Bearer ${secret}` })).text();
    const rowsOf = (name: string) => [...text.matchAll(new RegExp(`^${name}([{ ].*)$`, 'gm'))].map(([, row]) => row);
    for (const [name, oldName] of renamed) {
      expect(rowsOf(name), name).not.toEqual([]);
      expect(rowsOf(oldName), oldName).toEqual(rowsOf(name));
    }
    expect(text).toContain('# HELP tintype_nodes_apart Deprecated; use tintype_cluster_disconnected.\n');
    expect(text.match(/^# TYPE .*/gm)?.length).toBe(new Set(text.match(/^# TYPE \S+/gm)).size);
  });

  it('needs a token', async () => {
    expect((await server.get('/metrics')).status).toBe(401);
  });

  it('needs no token on a port of its own, and is then answered only there', async () => {
    const apart = await startTintype({ TINTYPE_WORKERS: 'none', TINTYPE_METRICS_PORT: '0' });
    const headers = { authorization: `Bearer ${secret}` };
    expect((await apart.get('/metrics', headers)).status).toBe(404);
    const ask = (path: string) =>
      apart.tintype.fetchMetrics(new Request(`http://x${path}`), { incoming: { url: path } });
    for (const path of ['/metrics', '/livez', '/readyz']) expect((await ask(path)).status).toBe(200);
    expect((await ask('/originals')).status).toBe(404);
    await apart.close();
  });
});
