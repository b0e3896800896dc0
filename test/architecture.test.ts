import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const source = fileURLToPath(new URL('../src', import.meta.url));

interface Module {
  /** Relative to `src`. */
  readonly file: string;
  readonly room: string;
  readonly imports: readonly string[];
  /** Those that are loaded with it: no types, nothing that is imported once it is used. */
  readonly loads: readonly string[];
}

/** A room is a folder of `src`; a file beside them is a room of its own. */
function roomOf(file: string): string {
  const [first = ''] = file.split('/');
  return first.replace(/\.ts$/, '');
}

const modules: readonly Module[] = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => {
    const text = readFileSync(join(source, file), 'utf8');
    const imports = [...text.matchAll(/(?:from|^import) '([^']+)'/gm)].flatMap(([, name]) => name ?? []);
    const loads = [...text.matchAll(/^(?:import|export)(?! type )[^;]*?'([^']+)';/gm)].flatMap(
      ([, name]) => name ?? [],
    );
    return { file, room: roomOf(file), imports, loads };
  });

/** Where an import leads: a file of `src`, or a package. */
function target({ file }: Module, name: string): string {
  return name.startsWith('.') ? relative(source, join(source, dirname(file), name)) : name;
}

/** Type imports included: an arrow is an arrow. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  errors: [],
  timeout: [],
  formats: [],
  store: ['errors'],
  'signed-webhook': [],
  jobs: ['errors', 'store', 'signed-webhook'],
  cluster: [],
  purge: ['signed-webhook'],
  cdn: ['purge'],
  transform: ['formats', 'errors'],
  render: ['transform', 'formats', 'errors', 'sparing', 'timeout'],
  source: ['store', 'errors'],
  library: ['cluster', 'jobs', 'purge', 'render', 'transform', 'formats', 'store', 'source', 'errors', 'timeout'],
  dialects: ['transform', 'errors'],
  http: ['cdn', 'dialects', 'library', 'jobs', 'transform', 'errors', 'formats', 'timeout'],
  client: ['transform', 'formats'],
  'config-values': [],
  'config-row': ['config-values'],
  'config-access': ['config-row', 'config-values'],
  'config-dialects': ['config-row', 'config-values', 'dialects'],
  'config-door': ['config-row', 'config-values', 'formats'],
  'config-keeping': ['config-row', 'config-values'],
  'config-edge': ['config-row', 'config-values'],
  config: [
    'config-access',
    'config-dialects',
    'config-door',
    'config-edge',
    'config-keeping',
    'config-row',
    'config-values',
    'errors',
  ],
  token: ['config', 'http'],
  sample: ['app'],
  playground: ['config'],
  version: [],
  front: ['config', 'errors', 'jobs', 'library', 'purge'],
  background: ['config', 'eyes', 'front', 'http', 'jobs', 'library', 'store'],
  stores: ['config', 'store'],
  nodes: ['cluster', 'config', 'library', 'purge', 'store'],
  derived: ['config', 'store', 'transform'],
  rooms: [
    'stores',
    'derived',
    'background',
    'gauges',
    'nodes',
    'surroundings',
    'machine',
    'config',
    'eyes',
    'front',
    'http',
    'jobs',
    'library',
    'render',
    'source',
    'store',
    'transform',
    'formats',
    'errors',
  ],
  eyes: [],
  surroundings: ['http', 'library', 'source'],
  gauges: ['cluster', 'config', 'derived', 'eyes', 'library', 'render'],
  'dialect-routes': ['rooms', 'http', 'dialects'],
  routes: ['derived', 'playground', 'rooms', 'eyes', 'dialect-routes', 'http', 'version'],
  app: ['rooms', 'routes', 'surroundings', 'stores', 'config', 'eyes', 'http', 'jobs', 'library', 'store'],
  cli: [
    'cdn',
    'config',
    'config-edge',
    'config-values',
    'dialects',
    'errors',
    'formats',
    'http',
    'library',
    'machine',
    'purge',
    'render',
    'sparing',
    'store',
    'stores',
    'transform',
    'version',
  ],
  server: ['http', 'errors'],
  serve: ['app', 'config', 'eyes', 'http', 'log', 'machine', 'playground', 'sample', 'server', 'store', 'token'],
  sparing: ['machine'],
  log: [],
  machine: [],
  main: ['sparing', 'serve'],
};

/** Only these rooms may use these packages; everything else of node is for everyone but `transform`, `formats` and `client`. */
const onlyIn: readonly (readonly [name: RegExp, rooms: readonly string[]])[] = [
  [/^prom-client$|^@opentelemetry\/api$/, ['eyes']],
  [/^sharp$/, ['render', 'formats']],
  [/^@aws-sdk\/client-cloudfront$/, ['purge']],
  [/^@aws-sdk\//, ['store']],
  [/^hono/, ['http']],
  [/^@hono\/node-server/, ['server']],
  [/^lru-cache$/, ['cluster', 'library', 'http', 'render']],
  [/^redis$/, ['cluster', 'jobs']],
  [/^bullmq$/, ['jobs']],
  [/^@fastify\/busboy$/, ['http']],
  [/^undici$|^ipaddr\.js$/, ['source']],
  [/^pino$/, ['log', 'serve']],
  [/^color-name$/, ['transform']],
  [/^(thumbhash|blurhash)$|^calc-s2-rust\//, ['render']],
];
const withoutNode = ['transform', 'formats', 'client', 'errors'];
/** It is what servers import beside the client. */
const signer = 'client/sign.ts';

describe('The house', () => {
  it.each(Object.keys(mayImport))('%s imports only what is below it', (room) => {
    const allowed = [room, ...(mayImport[room] ?? [])];
    const wrong = modules
      .filter((module) => module.room === room)
      .flatMap((module) =>
        module.imports.filter((name) => name.startsWith('.')).map((name) => [module.file, target(module, name)]),
      )
      .filter(([, to = '']) => !allowed.includes(roomOf(to)));
    expect(wrong).toEqual([]);
  });

  it('has no room that this test does not know', () => {
    expect([...new Set(modules.map(({ room }) => room))].filter((room) => !Object.hasOwn(mayImport, room))).toEqual([]);
  });

  it('uses a package only where it belongs', () => {
    const wrong = modules.flatMap((module) =>
      module.imports
        .filter((name) => !name.startsWith('.') && !name.startsWith('node:'))
        .filter((name) => onlyIn.find(([pattern]) => pattern.test(name))?.[1].includes(module.room) !== true)
        .map((name) => `${module.file}: ${name}`),
    );
    expect(wrong).toEqual([]);
  });

  it('keeps the language free of Node, so that it runs in a browser', () => {
    const wrong = modules.filter(
      ({ file, room, imports }) =>
        withoutNode.includes(room) && file !== signer && imports.some((name) => name.startsWith('node:')),
    );
    expect(wrong.map(({ file }) => file)).toEqual([]);
  });

  it('runs sharp only where pictures are rendered: formats know its types alone', () => {
    const runs = (file: string) => /^import (?!type)[^;]*from 'sharp'/m.test(readFileSync(join(source, file), 'utf8'));
    expect(modules.filter(({ room, file }) => room !== 'render' && runs(file)).map(({ file }) => file)).toEqual([]);
  });

  /** What `jobs`, `purge` and the command line send goes where the operator said; no client has a say in it. */
  it('goes out by one way only: pictures are fetched by the guarded client', () => {
    const out = /(?<![.\w#])fetch\(|from 'node:https?'|from 'node:(?:http2|tls)'|https?\.(?:get|request)\(/;
    const wrong = modules.filter(
      ({ file, room }) =>
        !['source', 'server', 'client', 'store', 'jobs', 'purge', 'cli'].includes(room) &&
        out.test(readFileSync(join(source, file), 'utf8')),
    );
    expect(wrong.map(({ file }) => file)).toEqual([]);
  });

  it('loads nothing in a server that only some servers use', () => {
    const reached = new Set(['main.ts', 'serve.ts', 'app.ts']);
    for (const file of reached) {
      for (const module of modules.filter((one) => one.file === file)) {
        for (const name of module.loads) reached.add(target(module, name));
      }
    }
    const rare = /^(sharp|redis|bullmq|undici|@aws-sdk\/.*|heic-decode)$/;
    expect([...reached].filter((name) => rare.test(name))).toEqual([]);
    expect([...reached]).toContain('prom-client');
  });

  it('has no circles', () => {
    const edges = new Map(
      modules.map((module) => [
        module.file,
        module.imports.filter((name) => name.startsWith('.')).map((name) => target(module, name)),
      ]),
    );
    const done = new Set<string>();
    const circle = (file: string, path: readonly string[]): readonly string[] | null => {
      if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
      if (done.has(file)) return null;
      for (const next of edges.get(file) ?? []) {
        const found = circle(next, [...path, file]);
        if (found !== null) return found;
      }
      done.add(file);
      return null;
    };
    expect([...edges.keys()].map((file) => circle(file, [])).find((found) => found !== null)).toBeUndefined();
  });

  it('reads the environment only where configuration is read', () => {
    const wrong = modules.filter(
      ({ file, room }) =>
        file !== 'serve.ts' &&
        room !== 'cli' &&
        // Next writes the value in its place.
        file !== 'client/next-loader.ts' &&
        // Renders in the server itself, and so sets there what a child would be given.
        file !== 'render/in-process.ts' &&
        readFileSync(join(source, file), 'utf8').includes('process.env'),
    );
    expect(wrong.map(({ file }) => file)).toEqual([]);
  });

  it('has no file above 250 lines', () => {
    const long = modules.filter(({ file }) => readFileSync(join(source, file), 'utf8').split('\n').length > 251);
    expect(long.map(({ file }) => file)).toEqual([]);
  });
});
