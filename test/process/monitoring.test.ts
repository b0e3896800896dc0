import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { failures } from '../../src/errors.ts';
import { Metrics } from '../../src/observability/metrics.ts';
import { type ServerProcess, serverToken, startServer } from '../support/server-process.ts';

const folder = fileURLToPath(new URL('../../deploy/monitoring/', import.meta.url));

interface Dashboard {
  readonly panels: readonly { readonly title: string; readonly targets: readonly { readonly expr: string }[] }[];
}

/** Every query of the dashboard and of the alert rules, by where it stands. */
async function queries(): Promise<readonly (readonly [where: string, query: string])[]> {
  const dashboard = JSON.parse(await readFile(join(folder, 'grafana-dashboard.json'), 'utf8')) as Dashboard;
  const rules = await readFile(join(folder, 'alerts.yml'), 'utf8');
  const alerts = [...rules.matchAll(/- alert: (\w+)\n\s+expr: (.+)/g)];
  return [
    ...dashboard.panels.flatMap(({ title, targets }) => targets.map(({ expr }) => [title, expr] as const)),
    ...alerts.map(([, name = '', expr = '']) => [name, expr] as const),
  ];
}

/** What a living server tells, and what it would tell of a bad night. */
async function everySeries(server: ServerProcess): Promise<string> {
  const ask = async (path: string, init: RequestInit = {}) =>
    fetch(`${server.url}${path}`, { ...init, headers: { authorization: `Bearer ${serverToken}` } });
  await (await ask('/img/sample/w_9,f_webp')).arrayBuffer();
  await ask('/img/nobody');
  const rare = new Metrics();
  rare.workerEnded('died');
  rare.jobEnded('warm-up', 'failed');
  rare.ofStore('originals')('get', 1, true);
  return (await (await ask('/metrics')).text()) + (await rare.read()).text;
}

describe('What ships for Prometheus and Grafana', () => {
  let told = '';
  beforeAll(async () => {
    const data = await mkdtemp(join(tmpdir(), 'tintype-metrics-'));
    const server = await startServer({ TINTYPE_STORE: `file:${data}` });
    told = await everySeries(server);
    await server.end('SIGTERM');
    await rm(data, { recursive: true, force: true });
  });

  it('asks only for series and labels that there are', async () => {
    const all = await queries();
    expect(all.length).toBeGreaterThan(25);
    const wrong = all.flatMap(([where, query]) => {
      const names = query.match(/\b(?:tintype|process|nodejs)_\w+/g) ?? [];
      const labels = [
        ...(query.match(/(?<=[{,])\w+(?==)/g) ?? []),
        ...[...query.matchAll(/by \(([^)]*)\)/g)].flatMap(([, list = '']) => list.split(', ')),
      ].filter((label) => label !== 'le' && label !== 'instance' && label !== 'job');
      return names.flatMap((name) => {
        const samples = told.split('\n').filter((line) => new RegExp(`^${name}[{ ]`).test(line));
        if (samples.length === 0) return [`${where}: no ${name}`];
        return labels
          .filter((label) => !samples[0]?.includes(`${label}="`))
          .map((label) => `${where}: no ${label} of ${name}`);
      });
    });
    expect(wrong).toEqual([]);
  });

  it('names refusals and ends that there are', async () => {
    for (const [where, query] of await queries()) {
      const [, failure] = /failure="([^"]+)"/.exec(query) ?? [];
      if (failure !== undefined) expect(Object.keys(failures), where).toContain(failure);
    }
  });
});
