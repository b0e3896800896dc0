import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Mutant } from './mutants.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** What is no source: what the sources were built or installed as. */
const generated: readonly string[] = ['.git', 'node_modules', 'dist'];

/** The paths of all files of the repository, relative to it. */
export function filesOfTree(): readonly string[] {
  return readdirSync(root, { withFileTypes: true })
    .filter(({ name }) => !generated.includes(name))
    .flatMap((entry) => (entry.isDirectory() ? filesBelow(entry.name) : [entry.name]))
    .sort();
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(relative(root, parentPath), name));
}

export interface TestRun {
  readonly outcome: 'passed' | 'failed' | 'timed out';
  /** The test files that came to their end. */
  readonly files: ReadonlyMap<string, { readonly passed: boolean; readonly milliseconds: number }>;
}

/** What vitest writes. */
interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly startTime: number;
    readonly endTime: number;
  }[];
}

/** A copy of the repository in which files are mutated and tests run. The repository itself is only read. */
export class WorkingTree {
  /** The process that runs tests. It leads a group of its own. */
  #running: number | undefined;
  readonly #folder = realpathSync(mkdtempSync(join(tmpdir(), 'tintype-mutants-')));

  constructor(files: readonly string[]) {
    for (const file of files) {
      mkdirSync(dirname(join(this.#folder, file)), { recursive: true });
      cpSync(join(root, file), join(this.#folder, file));
    }
    symlinkSync(join(root, 'node_modules'), join(this.#folder, 'node_modules'));
  }

  /** Runs `inside` while the file is mutated. */
  async mutated<T>(file: string, mutant: Mutant, inside: () => Promise<T>): Promise<T> {
    const path = join(this.#folder, file);
    const source = readFileSync(path, 'utf8');
    writeFileSync(path, source.slice(0, mutant.start) + mutant.replacement + source.slice(mutant.end));
    try {
      return await inside();
    } finally {
      writeFileSync(path, source);
    }
  }

  /** Runs test files until one fails, or all where `bail` is 0; ends them, and what they started, after `limit` milliseconds. */
  async test(tests: readonly string[], { bail, limit }: { bail: 0 | 1; limit: number }): Promise<TestRun> {
    const report = join(this.#folder, 'report.json');
    rmSync(report, { force: true });
    const args = ['run', '--project', 'self', '--maxWorkers=1', `--bail=${bail}`];
    const child = spawn(
      process.execPath,
      ['node_modules/vitest/vitest.mjs', ...args, '--reporter=json', `--outputFile=${report}`, ...tests],
      { cwd: this.#folder, stdio: 'ignore', detached: true },
    );
    this.#running = child.pid;
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      this.#end();
    }, limit);
    const [code] = await once(child, 'exit');
    clearTimeout(timer);
    this.#end();
    this.#running = undefined;
    if (isLate) return { outcome: 'timed out', files: new Map() };
    return { outcome: code === 0 ? 'passed' : 'failed', files: this.#filesIn(report) };
  }

  /** Empty where a mutant ended the runner before it wrote its report. */
  #filesIn(report: string): TestRun['files'] {
    if (!existsSync(report)) return new Map();
    const { testResults } = JSON.parse(readFileSync(report, 'utf8')) as Report;
    return new Map(
      testResults.map(({ name, status, startTime, endTime }) => [
        relative(this.#folder, name),
        { passed: status === 'passed', milliseconds: endTime - startTime },
      ]),
    );
  }

  /** Ends a run of tests that is under way, too. */
  remove(): void {
    this.#end();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Ends the processes that a mutant left behind, too. */
  #end(): void {
    if (this.#running === undefined) return;
    try {
      process.kill(-this.#running, 'SIGKILL');
    } catch {
      // The group has ended by itself.
    }
  }
}
