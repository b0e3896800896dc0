import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Mutant, mutantsOf } from './mutants.ts';
import { importGraph, NearestTests, testsIn } from './nearest-tests.ts';
import { interval, sample } from './sample.ts';
import { filesIn, targets } from './targets.ts';
import { filesOfTree, WorkingTree } from './working-tree.ts';

/**
 * `npm run mutants [-- --seed N] [--count N] [--tests N] [--in FOLDER]`: changes the code in one place at a time and runs the
 * tests nearest to it. A mutant that no test notices is printed: either a test is missing, or the code says something that does
 * not matter. The score is a lower bound, since only the nearest tests run.
 */
const root = fileURLToPath(new URL('../../', import.meta.url));
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: '300' },
    tests: { type: 'string', default: '8' },
    in: { type: 'string', multiple: true, default: [...targets] },
  },
});

interface Drawn {
  readonly file: string;
  readonly mutant: Mutant;
  readonly tests: readonly string[];
}

const files = filesOfTree();
const nearest = new NearestTests(
  importGraph(
    root,
    files.filter((file) => file.endsWith('.ts')),
  ),
  testsIn(files),
  (file) => readFileSync(`${root}${file}`, 'utf8'),
);
const mutated = filesIn(values.in, files);
const found = mutated.map((file) => ({ file, ...mutantsOf(readFileSync(`${root}${file}`, 'utf8')) }));
const all = found.flatMap(({ file, mutants }) => mutants.map((mutant) => ({ file, mutant })));
const disabled = found.reduce((sum, each) => sum + each.disabled, 0);
const tree = new WorkingTree(files);
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    tree.remove();
    process.exit(1);
  });
}
try {
  await run();
} finally {
  tree.remove();
}

async function run(): Promise<void> {
  const drawn = sample(all, numberOf(values.count), numberOf(values.seed)).map((each) => ({
    ...each,
    tests: nearest.of(each.file, numberOf(values.tests)),
  }));
  console.log(`${drawn.length} of ${all.length} mutants in ${mutated.length} files, seed ${values.seed}`);
  const usable = await passing(new Set(drawn.flatMap((each) => each.tests)));
  const survived: string[] = [];
  for (const [index, each] of drawn.entries()) {
    const what = await survives(each, usable);
    console.log(`${index + 1}/${drawn.length} ${what} ${described(each)}`);
    if (what === 'survived' || what === 'untested') survived.push(described(each));
  }
  report(drawn.length, survived);
}

/** Test files that pass while nothing is mutated; the others would kill every mutant. */
async function passing(chosen: ReadonlySet<string>): Promise<ReadonlyMap<string, number>> {
  const { files: ran } = await tree.test([...chosen], { bail: 0, limit: 3_600_000 });
  const left = [...chosen].filter((test) => ran.get(test)?.passed !== true);
  for (const test of left) console.log(`${test} does not pass without a mutant and is left out`);
  return new Map([...ran].flatMap(([test, { passed, milliseconds }]) => (passed ? [[test, milliseconds]] : [])));
}

async function survives({ file, mutant, tests }: Drawn, usable: ReadonlyMap<string, number>) {
  const chosen = tests.filter((test) => usable.has(test));
  if (chosen.length === 0) return 'untested';
  // Three times what it took without a mutant, since other work may share the machine.
  const limit = 30_000 + 3 * chosen.reduce((sum, test) => sum + (usable.get(test) ?? 0), 0);
  const { outcome } = await tree.mutated(file, mutant, () => tree.test(chosen, { bail: 1, limit }));
  return outcome === 'passed' ? 'survived' : outcome === 'failed' ? 'killed' : 'timed out';
}

function described({ file, mutant: { start, end, replacement, line } }: Drawn): string {
  const text = readFileSync(`${root}${file}`, 'utf8').slice(start, end).replaceAll(/\s+/g, ' ');
  return `${file}:${line} ${text.length > 60 ? `${text.slice(0, 60)}…` : text} → ${replacement || 'nothing'}`;
}

function report(count: number, survived: readonly string[]): void {
  const killed = count - survived.length;
  const [low, high] = interval(killed, count);
  const percent = (share: number) => (100 * share).toFixed(1);
  console.log(`\nSurvived:\n${survived.map((line) => `  ${line}`).join('\n')}`);
  console.log(
    `\nScore: ${percent(killed / count)} % (${killed} of ${count}), 95 % interval ${percent(low)} to ${percent(high)} %; ` +
      `left out by comments: ${disabled}; seed ${values.seed}`,
  );
}

function numberOf(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 1) throw new Error(`Expected a number from 1 but received "${text}"`);
  return number;
}
