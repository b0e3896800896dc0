// `npm run prose`: counts sentences that are hard to read. `-- FILE…` lists them, `-- --write` lowers the committed counts,
// `-- --seed N` prints 60 docstrings and 40 error sentences at random for a reader.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { sample } from '../mutation/sample.ts';
import allowed from './allowed.json' with { type: 'json' };
import { type Counts, countsOf, findingsIn } from './rules.ts';
import { repositoryTexts, type Text } from './texts.ts';

const { values, positionals } = parseArgs({
  options: { seed: { type: 'string' }, write: { type: 'boolean' } },
  allowPositionals: true,
});
const texts = repositoryTexts();

function print(some: readonly Text[]): void {
  for (const { file, line, text } of some) console.log(`\n${file}:${line}\n${text}`);
}

function write(counts: Counts): void {
  const risen = (['long', 'words', 'opener'] as const).filter((rule) => counts[rule] > allowed[rule]);
  if (risen.length > 0) throw new Error(`Expected counts that fall, but these rose: ${risen.join(', ')}`);
  writeFileSync(new URL('allowed.json', import.meta.url), `${JSON.stringify(counts, null, 2)}\n`);
}

if (values.seed === undefined) {
  const chosen = texts.filter(({ file }) => positionals.some((path) => file.startsWith(path)));
  for (const { file, line, rule, sentence } of chosen.flatMap(findingsIn)) {
    console.log(`${file}:${line} ${rule}: ${sentence}`);
  }
  const counts = countsOf(texts);
  console.log(JSON.stringify(counts));
  if (values.write === true) write(counts);
} else {
  const seed = Number(values.seed);
  const of = (kind: Text['kind']) => texts.filter((text) => text.kind === kind);
  print([...sample(of('docstring'), 60, seed), ...sample(of('error'), 40, seed)]);
}
