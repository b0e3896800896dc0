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

/** All settings. `npm run docs` prints the table in docs/configuration.md from here. */
export const settings = {
  host: setting('TINTYPE_HOST', '127.0.0.1', textIn(), 'Address to listen on; the container sets 0.0.0.0.'),
  port: setting(
    'TINTYPE_PORT',
    '3000',
    integerIn(0, 65_535),
    'Port to listen on; 0 selects a free one. `PORT` works too.',
  ),
  store: setting(
    'TINTYPE_STORE',
    'file:./data',
    textIn(),
    'Store of originals: `file:FOLDER` (one process per folder), `s3://BUCKET/PREFIX` or `memory:`.',
  ),
  variants: optionalSetting(
    'TINTYPE_VARIANTS',
    textIn(),
    'Separate store for variants, which can be rendered again. Default: the store of originals.',
  ),
  s3Endpoint: optionalSetting(
    'TINTYPE_S3_ENDPOINT',
    urlIn(),
    'URL of an S3-compatible service other than AWS. Credentials and region come from the AWS default chain.',
  ),
  s3ForcePathStyle: setting(
    'TINTYPE_S3_FORCE_PATH_STYLE',
    'false',
    truthIn(),
    'Put the bucket into the path instead of the host name.',
  ),
  redis: optionalSetting(
    'TINTYPE_REDIS',
    redisIn(),
    'Redis (`redis://` or `rediss://`) that coordinates several nodes on one bucket. It holds no data that must survive.',
  ),
  ...accessSettings,
  presets: setting(
    'TINTYPE_PRESETS',
    '{}',
    presetsIn(),
    'Presets (named transforms) beside thumb, medium and large: JSON or a file with JSON, name → components. `null` removes one.',
  ),
  canonical: setting(
    'TINTYPE_CANONICAL',
    'serve',
    choiceIn(['serve', 'redirect']),
    'Response to a URL in another spelling than the canonical one: the image, or a 308 to the canonical URL. Presets and the cosmetic name stay; signed URLs are never redirected.',
  ),
  auto: setting(
    'TINTYPE_AUTO',
    'serve',
    choiceIn(['serve', 'redirect']),
    'Response to `f_auto`: the image, or a 302 to the URL of the selected format, for CDNs that ignore `Vary: Accept`. `redirect` has no effect if URLs need a signature or a preset.',
  ),
  memory: setting('TINTYPE_MEMORY', '128MB', bytesIn(0, 2 ** 40), 'Size of the memory cache of variants.'),
  maxInFlight: optionalSetting(
    'TINTYPE_MAX_IN_FLIGHT',
    bytesIn(2 ** 20, 2 ** 40),
    'Size of the answers on their way to clients, all together. Above it a client with more than half of them gets 503. Default: an eighth of the available memory.',
  ),
  scratch: setting(
    'TINTYPE_SCRATCH',
    '1GB',
    bytesIn(2 ** 20, 2 ** 50),
    'Disk space for working copies: large originals, decoded once, so that further variants render faster. With remote originals, half of it holds local copies of them.',
  ),
  renders: setting(
    'TINTYPE_RENDERS',
    String(cpus),
    integerIn(1, 256),
    'Maximum number of concurrent renders. Default: the number of CPUs.',
  ),
  queue: optionalSetting(
    'TINTYPE_QUEUE',
    integerIn(0, 1_000_000),
    'Maximum number of waiting renders; it limits memory. Default: 500 times `TINTYPE_RENDERS`. Usually the expected wait rejects requests earlier.',
  ),
  queueWait: setting(
    'TINTYPE_QUEUE_WAIT',
    '10s',
    millisecondsIn(1, 600_000),
    'Maximum time that a render waits for a free slot.',
  ),
  deadline: setting(
    'TINTYPE_DEADLINE',
    '10s',
    millisecondsIn(100, 600_000),
    'Maximum CPU time of a render or an upload check. Its wall-clock limit is twice that.',
  ),
  workers: setting(
    'TINTYPE_WORKERS',
    'process',
    choiceIn(['process', 'none']),
    'Where images are rendered. `process`: in worker processes that can be killed. `none`, for tiny machines: in the server process. Uploads are always checked in a separate process.',
  ),
  workerMemory: setting(
    'TINTYPE_WORKER_MEMORY',
    '1GB',
    bytesIn(2 ** 26, 2 ** 40),
    'Memory that a worker process may use before it is killed.',
  ),
  ...uploadSettings,
  maxOutput: setting('TINTYPE_MAX_OUTPUT', '40MP', pixelsIn(1, 16_384), 'Maximum pixels of an output image.'),
  fonts: optionalSetting(
    'TINTYPE_FONTS',
    textIn(),
    'Folder of fonts (TrueType, OpenType) for text overlays, beside the included DejaVu.',
  ),
  negativeTtl: setting(
    'TINTYPE_NEGATIVE_TTL',
    '30s',
    millisecondsIn(0, 3_600_000),
    'Maximum age of a cached 404 for a missing original.',
  ),
  ...retentionSettings,
  ...cdnSettings,
  ...dialectSettings,
  drainDelay: setting(
    'TINTYPE_DRAIN_DELAY',
    '0s',
    millisecondsIn(0, 600_000),
    'Time after SIGTERM during which requests are still accepted while `/readyz` fails.',
  ),
  drainTimeout: setting(
    'TINTYPE_DRAIN_TIMEOUT',
    '10s',
    millisecondsIn(0, 600_000),
    'Time after the drain delay to wait for running requests.',
  ),
  degrade: setting(
    'TINTYPE_DEGRADE',
    'off',
    listOrOff(['format', 'size']),
    'Degraded answers under overload, instead of a 503, from the memory cache. `format`: another format that the client accepts (for `f_auto`). `size`: a larger size. Sent with `no-store`.',
  ),
  metricsPort: optionalSetting(
    'TINTYPE_METRICS_PORT',
    integerIn(0, 65_535),
    'Separate port that serves only `/metrics`, without a token. Without it, the main port serves `/metrics` to requests with a token.',
  ),
  log: setting(
    'TINTYPE_LOG',
    'info',
    choiceIn(['debug', 'info', 'warn', 'error', 'silent']),
    'Log level. `info` logs one line per request.',
  ),
} as const;

type Values = {
  readonly [K in keyof typeof settings]: (typeof settings)[K] extends Setting<infer T> ? T : never;
};

export interface Config extends Values {
  /** Deprecated variables that are set, each with its replacement. */
  readonly deprecated: ReadonlyMap<string, string>;
}

/** Variables that Kubernetes sets for a service named `tintype`. */
const kubernetes = /^TINTYPE_(SERVICE_|PORT_\d+_)/;

/** Variables of the command line and of examples for clients, which a server may find in its environment. */
const clientVariables: readonly string[] = ['TINTYPE_URL'];

/** Variable in which platforms pass the port. */
const platformPort = 'PORT';

/**
 * Reads and validates the environment.
 * @throws Error that names the variable, for an invalid value or an unknown `TINTYPE_*`.
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
  // The table determines the type of each value; `Object.fromEntries` loses that.
  const config: Config = { ...(Object.fromEntries(values) as Values), deprecated: deprecatedIn(given, rows) };
  if (config.originals === 'signed' && config.signingKeys === null) {
    throw new Error(`${settings.originals.name}=signed needs keys; set ${settings.signingKeys.name}`);
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
