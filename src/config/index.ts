import { availableParallelism } from 'node:os';
import { shorten } from '../errors.ts';
import { accessSettings } from './access.ts';
import { cdnSettings } from './cdn.ts';
import { checkDialects, dialectSettings } from './dialects.ts';
import {
  bytesIn,
  choiceIn,
  integerIn,
  listOrOff,
  millisecondsIn,
  pixelsIn,
  presetsIn,
  redisIn,
  textIn,
  truthIn,
  urlIn,
} from './readers.ts';
import { retentionSettings } from './retention.ts';
import { optionalSetting, type Setting, setting } from './setting.ts';
import { uploadSettings } from './uploads.ts';

const cpus = availableParallelism();

/** Every variable Tintype reads. The table in docs/configuration.md is printed from here. */
export const settings = {
  host: setting('TINTYPE_HOST', '127.0.0.1', textIn(), 'Address to listen on; the container sets 0.0.0.0.'),
  port: setting(
    'TINTYPE_PORT',
    '3000',
    integerIn(0, 65_535),
    'Port to listen on (`PORT` is read too); 0 takes a free one.',
  ),
  store: setting(
    'TINTYPE_STORE',
    'file:./data',
    textIn(),
    'Where originals are kept: `file:FOLDER` (one process per folder), `s3://BUCKET/PREFIX` or `memory:`.',
  ),
  variants: optionalSetting(
    'TINTYPE_VARIANTS',
    textIn(),
    'A second store for what can be made again; beside the originals when not set.',
  ),
  s3Endpoint: optionalSetting(
    'TINTYPE_S3_ENDPOINT',
    urlIn(),
    "Another S3 than AWS; credentials and region are found as AWS's own tools find them.",
  ),
  s3ForcePathStyle: setting(
    'TINTYPE_S3_FORCE_PATH_STYLE',
    'false',
    truthIn(),
    'Bucket in the path instead of the host name.',
  ),
  redis: optionalSetting(
    'TINTYPE_REDIS',
    redisIn(),
    'Many nodes on one bucket: a Redis (`redis://` or `rediss://`) by which they hear of each other. It keeps nothing that could not be lost.',
  ),
  ...accessSettings,
  presets: setting(
    'TINTYPE_PRESETS',
    '{}',
    presetsIn(),
    'Named transforms beside thumb, medium and large: JSON or a file with JSON, name → components; `null` removes one.',
  ),
  canonical: setting(
    'TINTYPE_CANONICAL',
    'serve',
    choiceIn(['serve', 'redirect']),
    'What another spelling than the canonical one gets: the picture, or a 308 to it (presets and the cosmetic name stay, signed URLs are never moved).',
  ),
  auto: setting(
    'TINTYPE_AUTO',
    'serve',
    choiceIn(['serve', 'redirect']),
    'What `f_auto` gets: the picture, or a 302 to the URL of the format that won, for CDNs that do not honour `Vary: Accept` (not where URLs need a signature or a preset).',
  ),
  memory: setting('TINTYPE_MEMORY', '128MB', bytesIn(0, 2 ** 40), 'Bytes of finished variants kept in memory.'),
  scratch: setting(
    'TINTYPE_SCRATCH',
    '1GB',
    bytesIn(2 ** 20, 2 ** 50),
    'Bytes of working copies: large originals decoded once, so that their next variants are made at once. Half of them for copies of originals that are stored elsewhere, where some are.',
  ),
  renders: setting('TINTYPE_RENDERS', String(cpus), integerIn(1, 256), 'Renders at once; the number of CPUs.'),
  queue: optionalSetting(
    'TINTYPE_QUEUE',
    integerIn(0, 1_000_000),
    'Renders that may wait: a guard of memory. 500 for each one running; what refuses before is the expected wait.',
  ),
  queueWait: setting('TINTYPE_QUEUE_WAIT', '10s', millisecondsIn(1, 600_000), 'Longest wait for a render to begin.'),
  deadline: setting(
    'TINTYPE_DEADLINE',
    '10s',
    millisecondsIn(100, 600_000),
    'CPU that a render or a check may use before it is ended; by the clock it may take twice that.',
  ),
  workers: setting(
    'TINTYPE_WORKERS',
    'process',
    choiceIn(['process', 'none']),
    'Where pictures are rendered: in processes that can be killed, or (`none`, for tiny machines) in the server itself; uploads are checked in a process of their own either way.',
  ),
  workerMemory: setting(
    'TINTYPE_WORKER_MEMORY',
    '1GB',
    bytesIn(2 ** 26, 2 ** 40),
    'Bytes of memory a rendering process may take before it is killed.',
  ),
  ...uploadSettings,
  maxOutput: setting('TINTYPE_MAX_OUTPUT', '40MP', pixelsIn(1, 16_384), 'Most pixels of an answer.'),
  fonts: optionalSetting(
    'TINTYPE_FONTS',
    textIn(),
    'A folder of fonts (TrueType, OpenType) for text beside DejaVu, which ships with Tintype.',
  ),
  negativeTtl: setting(
    'TINTYPE_NEGATIVE_TTL',
    '30s',
    millisecondsIn(0, 3_600_000),
    'How long caches may remember that an original is missing.',
  ),
  ...retentionSettings,
  ...cdnSettings,
  ...dialectSettings,
  drainDelay: setting(
    'TINTYPE_DRAIN_DELAY',
    '0s',
    millisecondsIn(0, 600_000),
    'After SIGTERM: how long to go on serving while not ready.',
  ),
  drainTimeout: setting(
    'TINTYPE_DRAIN_TIMEOUT',
    '10s',
    millisecondsIn(0, 600_000),
    'After that: how long to wait for what has begun.',
  ),
  degrade: setting(
    'TINTYPE_DEGRADE',
    'off',
    listOrOff(['format', 'size']),
    'What may stand in, instead of a 503, for a picture nobody has time to make, if it is in memory: the same in a plainer `format` the client takes (under `f_auto`), or in a larger `size`; sent with `no-store`.',
  ),
  metricsPort: optionalSetting(
    'TINTYPE_METRICS_PORT',
    integerIn(0, 65_535),
    'A port that answers `/metrics` to everybody who can reach it, and nothing else; without one the main port answers it to whoever has a token.',
  ),
  log: setting(
    'TINTYPE_LOG',
    'info',
    choiceIn(['debug', 'info', 'warn', 'error', 'silent']),
    'What is logged; one line per request at `info`.',
  ),
} as const;

type Values = {
  readonly [K in keyof typeof settings]: (typeof settings)[K] extends Setting<infer T> ? T : never;
};

export interface Config extends Values {
  /** Deprecated variables that are set, each with its replacement. */
  readonly deprecated: ReadonlyMap<string, string>;
}

/** Kubernetes sets these for a service that is called `tintype`. */
const kubernetes = /^TINTYPE_(SERVICE_|PORT_\d+_)/;

/** Variables of the command line and of examples for clients, which a server may find in its environment. */
const clientVariables: readonly string[] = ['TINTYPE_URL'];

/** Platforms say the port under this name. */
const platformPort = 'PORT';

/**
 * Reads the environment.
 * @throws Error with one sentence that names the variable, where a value is bad or a `TINTYPE_*` is unknown.
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const given = new Map(
    Object.entries(environment).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
  if (given.get(settings.port.name)?.startsWith('tcp://') === true) given.delete(settings.port.name);
  const rows: readonly Setting<unknown>[] = Object.values(settings);
  const known = new Set<string>([...rows.flatMap(({ name, oldName = name }) => [name, oldName]), ...clientVariables]);
  const unknown = [...given.keys()].find(
    (name) => name.startsWith('TINTYPE_') && !known.has(name) && !kubernetes.test(name),
  );
  if (unknown !== undefined)
    throw new Error(`Unknown variable ${shorten(unknown)}; docs/configuration.md lists all there are`);
  const values = Object.entries(settings).map(([key, row]) => [key, readSetting(row, nameIn(given, row), given)]);
  // The rows decide the types of their values; entries lose that.
  const config: Config = { ...(Object.fromEntries(values) as Values), deprecated: deprecatedIn(given, rows) };
  if (config.originals === 'signed' && config.signingKeys === null) {
    throw new Error(`Expected ${settings.signingKeys.name} beside ${settings.originals.name}=signed but received none`);
  }
  checkDialects(config);
  return config;
}

/** The name under which a setting is read. */
function nameIn(given: ReadonlyMap<string, unknown>, { name, oldName }: Setting<unknown>): string {
  if (oldName !== undefined && given.has(oldName)) return oldName;
  return name === settings.port.name && !given.has(name) && given.has(platformPort) ? platformPort : name;
}

function deprecatedIn(
  given: ReadonlyMap<string, unknown>,
  rows: readonly Setting<unknown>[],
): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { name, oldName } of rows) {
    if (oldName === undefined || !given.has(oldName)) continue;
    if (given.has(name)) throw new Error(`${oldName} is the deprecated name of ${name}; set ${name} only`);
    found.set(oldName, name);
  }
  return found;
}

function readSetting(
  { fallback, read }: Setting<unknown>,
  name: string,
  given: ReadonlyMap<string, string | undefined>,
): unknown {
  const text = given.get(name) ?? fallback;
  if (text === null) return null;
  const value = read.parse(text);
  if (value !== undefined) return value;
  const shown = read.secret ? 'something else' : `"${shorten(text, 80)}"`;
  throw new Error(`Expected ${read.expected} for ${name} but received ${shown}`);
}
