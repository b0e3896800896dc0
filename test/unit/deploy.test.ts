import { readFileSync } from 'node:fs';
import { BlockList } from 'node:net';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { readConfig } from '../../src/config/index.ts';
import { ClientAddress, type Network } from '../../src/http/auth/client-address.ts';
import type { HttpContext } from '../../src/http/message/route.ts';
import { Metrics } from '../../src/observability/metrics.ts';
import { composeVcl } from '../docs/compose-vcl.ts';

const read = (name: string) => readFileSync(fileURLToPath(new URL(`../../deploy/${name}`, import.meta.url)), 'utf8');

type Fields = Readonly<Record<string, unknown>>;

/** Every document of a file; a mistake of YAML fails, a key that stands twice among them. */
function documents(name: string): readonly Fields[] {
  return parseAllDocuments(read(name), { merge: true, uniqueKeys: true }).map((document) => {
    expect([...document.errors, ...document.warnings]).toEqual([]);
    return Object(document.toJS());
  });
}

/** What stands at a path; numbers are places of a list. */
function at(fields: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce((inner: unknown, name) => Object(inner)[name], fields);
}

/** As a shell would fill them in. */
function filled(environment: unknown): Record<string, string> {
  const entries = Object.entries(Object(environment)).map(([name, value]) => {
    expect(value, name).toBeTypeOf('string');
    return [
      name,
      String(value)
        .replaceAll(/\$\{\w+:-([^}]*)\}/g, '$1')
        .replaceAll(/\$\{\w+:\?[^}]*\}/g, 'x'.repeat(32)),
    ];
  });
  return Object.fromEntries(entries);
}

/** What a container may be given beside our own. */
const foreign = /^AWS_(ACCESS_KEY_ID|SECRET_ACCESS_KEY|REGION)$/;

function configOf(environment: Record<string, string>) {
  expect(Object.keys(environment).filter((name) => !name.startsWith('TINTYPE_') && !foreign.test(name))).toEqual([]);
  // Throws where a name is unknown or a value is bad.
  return readConfig(environment);
}

const stranger = '203.0.113.9';

/** The client that a node sees when a proxy at this address names a stranger. */
function clientBehind(proxy: string, trusted: readonly Network[]): string {
  const request = { env: { incoming: { socket: { remoteAddress: proxy } } }, req: { header: () => stranger } };
  return new ClientAddress(trusted).of(request as unknown as HttpContext);
}

const neighbour = (address: string) => address.replace(/\d+$/, (last) => String(Number(last) + 1));

describe('The compose file', () => {
  const [file] = documents('compose/compose.yaml');
  const services = Object(at(file, 'services'));
  const nodes = Object.keys(services).filter((name) => name.startsWith('tintype-'));

  it('starts nodes that take what they are given, all alike and many', () => {
    const configs = nodes.map((name) => configOf(filled(at(services, name, 'environment'))));
    expect(configs).toHaveLength(3);
    for (const config of configs) {
      expect(config).toEqual(configs[0]);
      expect([config.store.startsWith('s3:'), config.redis]).toEqual([true, 'redis://redis:6379']);
    }
  });

  it('names no service that is not there', () => {
    const named = Object.values(services).flatMap((service) => {
      const on = Object(at(service, 'depends_on'));
      return Array.isArray(on) ? on : Object.keys(on);
    });
    expect(named.filter((name) => !Object.hasOwn(services, name))).toEqual([]);
    const hosts = ['TINTYPE_S3_ENDPOINT', 'TINTYPE_REDIS'].map(
      (name) => new URL(filled(at(services, 'tintype-1', 'environment'))[name] ?? '').hostname,
    );
    expect(hosts.filter((host) => !Object.hasOwn(services, host))).toEqual([]);
  });

  it('gives Varnish what a server would print for it, for each of the nodes (npm run docs writes it)', () => {
    expect(read('compose/varnish.vcl')).toBe(composeVcl());
    for (const name of nodes) expect(composeVcl()).toContain(`.host = "${name}"`);
  });

  it('trusts X-Forwarded-For of Varnish, which has a fixed address, and of no other container', () => {
    const subnet = String(at(file, 'networks', 'default', 'ipam', 'config', 0, 'subnet'));
    const varnish = String(at(services, 'varnish', 'networks', 'default', 'ipv4_address'));
    const [network = '', bits = ''] = subnet.split('/');
    const inside = new BlockList();
    inside.addSubnet(network, Number(bits));
    expect(inside.check(varnish)).toBe(true);
    const { trustedProxies } = configOf(filled(at(services, 'tintype-1', 'environment')));
    expect(clientBehind(varnish, trustedProxies)).toBe(stranger);
    expect(clientBehind(neighbour(varnish), trustedProxies)).toBe(neighbour(varnish));
  });

  it('gives nodes the time they take to end', () => {
    const config = configOf(filled(at(services, 'tintype-1', 'environment')));
    const grace = Number.parseInt(String(at(services, 'tintype-1', 'stop_grace_period')), 10);
    expect(grace * 1000).toBeGreaterThan(config.drainDelay + config.drainTimeout);
  });
});

describe('The Kubernetes manifest', () => {
  const all = documents('kubernetes/tintype.yaml');
  const kind = (name: string) => all.find((document) => document['kind'] === name);
  const pod = at(kind('Deployment'), 'spec', 'template', 'spec');
  const container = at(pod, 'containers', 0);
  const environment = { ...filled(at(kind('ConfigMap'), 'data')), ...filled(at(kind('Secret'), 'stringData')) };

  it('gives the server what it takes', () => {
    const config = configOf(environment);
    expect(config.renders).toBe(Number(at(container, 'resources', 'limits', 'cpu')));
    expect(at(pod, 'enableServiceLinks')).toBe(false);
  });

  it('trusts X-Forwarded-For of the cluster, where the ingress controller runs', () => {
    const { trustedProxies } = configOf(environment);
    expect(clientBehind('10.1.2.3', trustedProxies)).toBe(stranger);
    expect(clientBehind('198.51.100.1', trustedProxies)).toBe('198.51.100.1');
  });

  it('lets a pod end in peace', () => {
    const { drainDelay, drainTimeout } = configOf(environment);
    expect(Number(at(pod, 'terminationGracePeriodSeconds')) * 1000).toBeGreaterThan(drainDelay + drainTimeout);
  });

  it('asks where a server answers, on ports that it has', () => {
    const ports = Object(at(container, 'ports')).map((port: unknown) => at(port, 'name'));
    for (const probe of ['startupProbe', 'livenessProbe', 'readinessProbe']) {
      expect(['/livez', '/readyz']).toContain(at(container, probe, 'httpGet', 'path'));
      expect(ports).toContain(at(container, probe, 'httpGet', 'port'));
    }
    const { port, metricsPort } = configOf(environment);
    expect(Object(at(container, 'ports')).map((each: unknown) => at(each, 'containerPort'))).toEqual([
      port,
      metricsPort,
    ]);
  });

  it('names nothing that is not there', () => {
    expect([...new Set(all.map((document) => at(document, 'metadata', 'name')))]).toEqual(['tintype']);
    const labels = at(kind('Deployment'), 'spec', 'template', 'metadata', 'labels');
    for (const selector of [
      at(kind('Deployment'), 'spec', 'selector', 'matchLabels'),
      at(kind('Service'), 'spec', 'selector'),
      at(kind('PodDisruptionBudget'), 'spec', 'selector', 'matchLabels'),
    ]) {
      expect(labels).toMatchObject(Object(selector));
    }
    const mounted = Object(at(container, 'volumeMounts')).map((mount: unknown) => at(mount, 'name'));
    expect(Object(at(pod, 'volumes')).map((volume: unknown) => at(volume, 'name'))).toEqual(mounted);
  });

  it('scales by a metric that the adapter makes of what a server tells', async () => {
    const [adapter] = documents('kubernetes/prometheus-adapter.yaml');
    const rule = at(adapter, 'rules', 'custom', 0);
    const metric = at(kind('HorizontalPodAutoscaler'), 'spec', 'metrics', 0, 'pods', 'metric', 'name');
    expect(at(rule, 'name', 'as')).toBe(metric);
    const metrics = new Metrics();
    metrics.request({ method: 'GET', status: 200, milliseconds: 1, bytes: 1, stages: { queue: 1 } });
    const { text } = await metrics.read();
    for (const series of String(at(rule, 'metricsQuery')).matchAll(/tintype_\w+(?=\{)/g))
      expect(text).toContain(series[0]);
    expect(text).toContain('stage="queue"');
  });
});
