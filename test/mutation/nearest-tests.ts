import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseSync } from 'vite';
import { SharedWords, wordsIn } from './shared-words.ts';

/** What each file imports when it runs, directly, and what it starts. Types are left out. */
type ImportGraph = ReadonlyMap<string, readonly string[]>;

/** The imports of files below `root`, whose paths are relative to it. */
export function importGraph(root: string, files: readonly string[]): ImportGraph {
  const known = new Set(files);
  return new Map(
    files.map((file) => {
      const source = readFileSync(join(root, file), 'utf8');
      const paths = [...importsOf(source).map((path) => join(dirname(file), path)), ...startedBy(source)];
      return [file, paths.filter((path) => known.has(path))];
    }),
  );
}

function importsOf(source: string): readonly string[] {
  const { module } = parseSync('source.ts', source);
  const fixed = module.staticImports
    .filter(({ entries }) => entries.length === 0 || entries.some(({ isType }) => !isType))
    .map(({ moduleRequest }) => moduleRequest.value);
  const passedOn = module.staticExports.flatMap(({ entries }) =>
    entries.flatMap(({ moduleRequest, isType }) => (moduleRequest === null || isType ? [] : [moduleRequest.value])),
  );
  const later = module.dynamicImports.map(({ moduleRequest: { start, end } }) => source.slice(start + 1, end - 1));
  return [...fixed, ...passedOn, ...later].filter((path) => path.startsWith('.'));
}

/** Programs that a file names by their paths from the root, to start them as processes. */
function startedBy(source: string): readonly string[] {
  return [...source.matchAll(/(?<=['`}])src\/[a-z/-]+\.ts(?=['`])/g)].map(([path]) => path);
}

/** The test files that need nothing but Node, without those of mutation testing itself. */
export function testsIn(files: readonly string[]): readonly string[] {
  return files.filter((file) => /^test\/(?!e2e\/|mutation\/).*\.test\.ts$/.test(file));
}

/** The test files that lead to a source file, the nearest first. */
export class NearestTests {
  readonly #reached: readonly { readonly test: string; readonly distances: ReadonlyMap<string, number> }[];
  readonly #shared: SharedWords;
  readonly #read: (file: string) => string;

  /** `read`: the text of a file. */
  constructor(graph: ImportGraph, tests: readonly string[], read: (file: string) => string) {
    this.#reached = tests.map((test) => ({ test, distances: distancesFrom(test, graph) }));
    this.#shared = new SharedWords(new Map(tests.map((test) => [test, `${test} ${read(test)}`])));
    this.#read = read;
  }

  /**
   * Sorted by how many imports lie between, then by how many words are the same, since every test of a server leads to nearly
   * every file.
   */
  of(file: string, count: number): readonly string[] {
    const words = wordsIn(`${file} ${this.#read(file)}`);
    return this.#reached
      .flatMap(({ test, distances }) => {
        const distance = distances.get(file);
        return distance === undefined ? [] : [{ test, distance, shared: this.#shared.between(test, words) }];
      })
      .sort((a, b) => a.distance - b.distance || b.shared - a.shared)
      .slice(0, count)
      .map(({ test }) => test);
  }
}

function distancesFrom(start: string, graph: ImportGraph): ReadonlyMap<string, number> {
  const distances = new Map([[start, 0]]);
  // A map hands out also what is put into it on the way.
  for (const [file, distance] of distances) {
    for (const next of graph.get(file) ?? []) if (!distances.has(next)) distances.set(next, distance + 1);
  }
  return distances;
}
