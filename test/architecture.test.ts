import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const source = fileURLToPath(new URL('../src', import.meta.url));

interface Module {
  /** Relative to `src`. */
  readonly file: string;
  readonly folder: string;
  readonly imports: readonly string[];
  /** Those that are loaded with it: no types, nothing that is imported once it is used. */
  readonly loads: readonly string[];
}

/** The first folder of a file; a file beside the folders stands for itself. */
function folderOf(file: string): string {
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
    return { file, folder: folderOf(file), imports, loads };
  });

/** Where an import leads: a file of `src`, or a package. */
function target({ file }: Module, name: string): string {
  return name.startsWith('.') ? relative(source, join(source, dirname(file), name)) : name;
}

/** The layers of `src`, from top to bottom. An import leads to a lower layer, type imports included. */
const layers: readonly (readonly string[])[] = [
  ['main', 'cli'],
  ['server'],
  ['app'],
  ['http'],
  ['library'],
  ['config', 'jobs', 'source'],
  ['render', 'store', 'dialects', 'cdn', 'client'],
  ['purge', 'transform'],
  ['formats', 'cluster', 'observability', 'platform', 'concurrency'],
  ['errors'],
];

/** What each folder of `src` may import of the layers below it. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  errors: [],
  formats: [],
  cluster: [],
  observability: [],
  platform: [],
  concurrency: ['errors'],
  purge: ['platform'],
  transform: ['errors', 'formats'],
  render: ['concurrency', 'errors', 'formats', 'platform', 'transform'],
  store: ['concurrency', 'errors'],
  dialects: ['transform'],
  cdn: ['purge'],
  client: ['formats', 'transform'],
  config: ['dialects', 'errors', 'formats', 'store', 'transform'],
  jobs: ['errors', 'platform', 'store'],
  source: ['concurrency', 'errors', 'store', 'formats'],
  library: [
    'cluster',
    'concurrency',
    'errors',
    'formats',
    'jobs',
    'observability',
    'purge',
    'render',
    'source',
    'store',
    'transform',
  ],
  http: ['cdn', 'concurrency', 'dialects', 'errors', 'formats', 'jobs', 'library', 'observability', 'transform'],
  app: [
    'cluster',
    'concurrency',
    'config',
    'dialects',
    'errors',
    'http',
    'jobs',
    'library',
    'observability',
    'platform',
    'purge',
    'render',
    'source',
    'store',
    'transform',
  ],
  server: ['app', 'config', 'errors', 'http', 'observability', 'platform', 'store'],
  cli: [
    'app',
    'cdn',
    'config',
    'dialects',
    'errors',
    'formats',
    'http',
    'library',
    'observability',
    'platform',
    'purge',
    'render',
    'server',
    'store',
    'transform',
  ],
  main: ['platform', 'server'],
};

/** Folders inside of a folder, and which of their siblings they may import. */
const mayImportInside: Readonly<Record<string, readonly string[]>> = {
  'http/message': [],
  'http/auth': ['http/message'],
  'http/image': ['http/auth', 'http/message'],
  'http/admin': ['http/auth', 'http/image', 'http/message'],
  'http/originals': ['http/admin', 'http/auth', 'http/image', 'http/message'],
  'http/openapi': ['http/admin', 'http/auth', 'http/message', 'http/originals'],
  'http/pages': ['http/message', 'http/openapi'],
  'library/originals': [],
  'library/variants': ['library/originals'],
  'library/selection': ['library/originals', 'library/variants'],
  'library/intake': ['library/originals', 'library/selection', 'library/variants'],
  'library/purging': ['library/originals', 'library/selection', 'library/variants'],
  'library/maintenance': ['library/originals', 'library/selection', 'library/variants'],
  'render/steps': [],
  'render/planning': ['render/steps'],
  'render/queue': ['render/planning'],
  'render/pixels': ['render/planning', 'render/steps'],
  'render/validation': [],
  'render/sanitizing': ['render/pixels', 'render/validation'],
  'render/workers': ['render/pixels', 'render/sanitizing', 'render/validation'],
  'store/folder': [],
  'store/s3': ['store/folder'],
};

/** Only these folders may use these packages; everything else of node is for everyone but `transform`, `formats` and `client`. */
const onlyIn: readonly (readonly [name: RegExp, folders: readonly string[]])[] = [
  [/^prom-client$|^@opentelemetry\/api$/, ['observability']],
  [/^sharp$/, ['render', 'formats']],
  [/^@aws-sdk\/client-cloudfront$/, ['purge']],
  [/^@aws-sdk\//, ['store']],
  [/^hono/, ['http']],
  [/^@hono\/node-server/, ['server']],
  [/^lru-cache$/, ['cluster', 'library', 'http', 'render']],
  [/^valibot$/, ['app', 'cluster', 'http', 'jobs', 'library', 'purge']],
  [/^@valibot\/to-json-schema$/, ['http']],
  [/^redis$/, ['cluster', 'jobs']],
  [/^bullmq$/, ['jobs']],
  [/^@fastify\/busboy$/, ['http']],
  [/^undici$|^ipaddr\.js$/, ['source']],
  [/^pino$/, ['observability', 'server']],
  [/^color-name$/, ['transform']],
  [/^(thumbhash|blurhash)$|^calc-s2-rust\//, ['render']],
];
const withoutNode = ['transform', 'formats', 'client', 'errors'];
/** It is what servers import beside the client. */
const signer = 'client/sign.ts';

describe('The architecture', () => {
  it.each(Object.keys(mayImport))('%s imports only what is below it', (folder) => {
    const allowed = [folder, ...(mayImport[folder] ?? [])];
    const wrong = modules
      .filter((module) => module.folder === folder)
      .flatMap((module) =>
        module.imports.filter((name) => name.startsWith('.')).map((name) => [module.file, target(module, name)]),
      )
      .filter(([, to = '']) => !allowed.includes(folderOf(to)));
    expect(wrong).toEqual([]);
  });

  it('has layers, and no import leads up or to a neighbour', () => {
    const layerOf = (folder: string) => layers.findIndex((layer) => layer.includes(folder));
    const arrows = Object.entries(mayImport).flatMap(([from, to]) => to.map((name) => [from, name] as const));
    expect(arrows.filter(([from, to]) => layerOf(from) >= layerOf(to))).toEqual([]);
    expect(layers.flat().toSorted()).toEqual(Object.keys(mayImport).toSorted());
  });

  it.each(Object.keys(mayImportInside))('%s imports only the siblings that it may', (folder) => {
    const allowed = [folder, ...(mayImportInside[folder] ?? [])];
    const wrong = modules
      .filter(({ file }) => file.startsWith(`${folder}/`))
      .flatMap((module) => module.imports.filter((name) => name.startsWith('.')).map((name) => target(module, name)))
      .map((to) => to.split('/').slice(0, 2).join('/'))
      .filter((to) => Object.hasOwn(mayImportInside, to) && to.split('/')[0] === folder.split('/')[0])
      .filter((to) => !allowed.includes(to));
    expect(wrong).toEqual([]);
  });

  it('has no folder that this test does not know', () => {
    expect(
      [...new Set(modules.map(({ folder }) => folder))].filter((folder) => !Object.hasOwn(mayImport, folder)),
    ).toEqual([]);
  });

  it('uses a package only where it belongs', () => {
    const wrong = modules.flatMap((module) =>
      module.imports
        .filter((name) => !name.startsWith('.') && !name.startsWith('node:'))
        .filter((name) => onlyIn.find(([pattern]) => pattern.test(name))?.[1].includes(module.folder) !== true)
        .map((name) => `${module.file}: ${name}`),
    );
    expect(wrong).toEqual([]);
  });

  it('keeps the language free of Node, so that it runs in a browser', () => {
    const wrong = modules.filter(
      ({ file, folder, imports }) =>
        withoutNode.includes(folder) && file !== signer && imports.some((name) => name.startsWith('node:')),
    );
    expect(wrong.map(({ file }) => file)).toEqual([]);
  });

  it('runs sharp only where pictures are rendered: formats know its types alone', () => {
    const runs = (file: string) => /^import (?!type)[^;]*from 'sharp'/m.test(readFileSync(join(source, file), 'utf8'));
    expect(modules.filter(({ folder, file }) => folder !== 'render' && runs(file)).map(({ file }) => file)).toEqual([]);
  });

  /** What `jobs`, `purge` and the command line send goes where the operator said; no client has a say in it. */
  it('goes out by one way only: pictures are fetched by the guarded client', () => {
    const out = /(?<![.\w#])fetch\(|from 'node:https?'|from 'node:(?:http2|tls)'|https?\.(?:get|request)\(/;
    const wrong = modules.filter(
      ({ file, folder }) =>
        !['source', 'server', 'client', 'store', 'jobs', 'purge', 'cli'].includes(folder) &&
        out.test(readFileSync(join(source, file), 'utf8')),
    );
    expect(wrong.map(({ file }) => file)).toEqual([]);
  });

  it('loads nothing in a server that only some servers use', () => {
    const reached = new Set(['main.ts', 'server/start.ts', 'app/app.ts']);
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
      ({ file, folder }) =>
        file !== 'server/start.ts' &&
        folder !== 'cli' &&
        // Next writes the value in its place.
        file !== 'client/next-loader.ts' &&
        // Renders in the server itself, and so sets there what a child would be given.
        file !== 'render/workers/in-process.ts' &&
        readFileSync(join(source, file), 'utf8').includes('process.env'),
    );
    expect(wrong.map(({ file }) => file)).toEqual([]);
  });

  it('has no file above 250 lines', () => {
    const long = modules.filter(({ file }) => readFileSync(join(source, file), 'utf8').split('\n').length > 251);
    expect(long.map(({ file }) => file)).toEqual([]);
  });
});
