import { readFileSync } from 'node:fs';
import { commands } from '../../src/cli/index.ts';
import { Metrics } from '../../src/observability/metrics.ts';
import { tables } from '../docs/tables.ts';
import { tintype } from '../support/command-line.ts';
import { exportsOfPackage } from './package-exports.ts';
import type { Session } from './session.ts';
import { leaves, shape, sorted, stable, stableName } from './stable.ts';

/** Every subject of the contract, by its file in `committed/`, as text that is the same on every machine. */
export const subjects: Readonly<Record<string, (session: Session) => string | Promise<string>>> = {
  'openapi.json': ({ openapi }) => `${JSON.stringify(openapi, withoutVersion, 1)}\n`,
  'metrics.txt': async ({ metrics }) => metricsOf(`${metrics}\n${await unseenMetrics()}`),
  'configuration.txt': () => `${tables['configuration']?.() ?? ''}\n`,
  'url-words.txt': () => ['words', 'effects', 'formats', 'presets'].map((name) => `${tables[name]?.()}\n`).join('\n'),
  'errors.txt': () => `${tables['refusals']?.() ?? ''}\n`,
  'command-line.txt': commandLine,
  'log-keys.txt': ({ log }) => logKeys(log),
  'stored-files.txt': ({ files }) => storedFiles(files),
  'answer-headers.txt': ({ answers }) => answers.map(headersOf).join('\n'),
  'package.txt': exportsOfPackage,
};

const withoutVersion = (key: string, value: unknown): unknown =>
  key === 'version' && typeof value === 'string' ? '<version>' : value;

/** Names, types, help and label names. Of what prom-client itself measures only names, since labels depend on what happened. */
function metricsOf(text: string): string {
  const labels = new Map<string, Set<string>>();
  for (const [, name = '', set = ''] of text.matchAll(/^(tintype_\w+?)(?:_bucket|_sum|_count)?(?:\{(.*)\})? \S+$/gm)) {
    const known = labels.get(name) ?? new Set();
    labels.set(name, known);
    for (const [, label = ''] of set.matchAll(/(\w+)="/g)) known.add(label);
  }
  const lines = [...text.matchAll(/^# HELP (\w+) (.*)\n# TYPE \w+ (\w+)$/gm)].map(([, name = '', help, type]) =>
    name.startsWith('tintype_')
      ? `${type} ${name}{${[...(labels.get(name) ?? [])].sort().join(',')}} ${help}`
      : `${type} ${name}`,
  );
  return sorted(lines);
}

/** Series that no call of the session makes. */
async function unseenMetrics(): Promise<string> {
  const metrics = new Metrics();
  metrics.workerEnded('');
  metrics.copySeen('');
  metrics.deprecatedNameUsed('');
  metrics.ofStore('')('', 0, true);
  return (await metrics.read()).text;
}

async function commandLine(): Promise<string> {
  const helps = await Promise.all(
    [[], ...commands.map(({ name }) => name.split(' '))].map(async (words) => {
      const { out } = await tintype([...words, '--help']);
      return `$ tintype ${[...words, '--help'].join(' ')}\n${out}`;
    }),
  );
  return helps.join('\n');
}

function logKeys(log: Session['log']): string {
  return sorted(
    log.flatMap(({ msg, ...line }) =>
      leaves(shape(line)).map((leaf) => `${String(msg)}: ${leaf.replace(/^\.stages\.\w+/, '.stages.<stage>')}`),
    ),
  );
}

/** Each path with the shape of what is in it; what is no JSON is named by how it begins. */
function storedFiles(files: Session['files']): string {
  return sorted(
    files.flatMap(({ path, bytes }) => {
      const name = stableName(path);
      return [name, ...contentOf(bytes).map((line) => `${name}: ${line}`)];
    }),
  );
}

function contentOf(bytes: Buffer): readonly string[] {
  const text = bytes.toString('latin1');
  const end = text.lastIndexOf('}');
  if (!text.startsWith('{') || end < 0) return [];
  try {
    return leaves(shape(JSON.parse(text.slice(0, end + 1))));
  } catch {
    return [];
  }
}

function headersOf({ title, status, headers }: Session['answers'][number]): string {
  const lines = [...headers].map(([name, value]) => `  ${name}: ${name === 'content-length' ? '<n>' : stable(value)}`);
  return `${title}: ${status}\n${lines.join('\n')}\n`;
}

/** What only a real Redis shows; compared by the end-to-end suite. */
export const redisSubject = 'redis-messages.txt';

/** A path of a committed file. */
export const fileOf = (name: string): URL => new URL(`committed/${name}`, import.meta.url);

export const committed = (name: string): string => readFileSync(fileOf(name), 'utf8');
