import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Running, startTintype } from '../support/tintype.ts';
import { type Expectation, expectationOf, fits, type Outcome } from './verdict.ts';

/**
 * `npm run corpus -- DIR`: uploads and renders every file of a folder that has a MANIFEST.tsv (columns `file` and `expect`,
 * such as "decodes", "decodes or clean error", "415"), and prints how the outcomes compare. Ends with 1 where anything was
 * answered with a 5xx or otherwise than the manifest says.
 */

interface Listed {
  readonly file: string;
  readonly expect: string;
}

interface Visit extends Listed {
  readonly outcome: Outcome;
  readonly said: string;
}

/** What every picture that is accepted has to survive: shrink-on-load, an effect with neighbours, a cut, a turn. */
const words = ['f_webp,w_200', 'e_sharpen,f_png,w_64', 'c_fill,f_jpg,h_50,w_50', 'a_20,e_normalize,f_png,w_50'];

function manifestOf(folder: string): readonly Listed[] {
  const [head = '', ...lines] = readFileSync(join(folder, 'MANIFEST.tsv'), 'utf8').trimEnd().split('\n');
  const column = (name: string) => head.split('\t').indexOf(name);
  const [file, expect] = [column('file'), column('expect')];
  if (file === -1 || expect === -1)
    throw new Error(`Expected columns file and expect in MANIFEST.tsv but found ${head}`);
  return lines
    .map((line) => line.split('\t'))
    .map((cells) => ({ file: cells[file] ?? '', expect: cells[expect] ?? '' }));
}

async function visit(server: Running, folder: string, listed: Listed, id: string): Promise<Visit> {
  const put = await server.put(id, new Uint8Array(readFileSync(join(folder, listed.file))));
  const said = await put.text();
  if (put.status !== 201) return { ...listed, outcome: { put: put.status, gets: [] }, said };
  const gets: number[] = [];
  let refusal = '';
  for (const asked of words) {
    const answer = await server.get(`/img/${id}/${asked}`);
    const body = new Uint8Array(await answer.arrayBuffer());
    gets.push(answer.status);
    if (answer.status !== 200) refusal = `${asked}: ${new TextDecoder().decode(body)}`;
  }
  return { ...listed, outcome: { put: put.status, gets }, said: refusal };
}

const sentenceIn = (said: string): string => /"detail":\s*"((?:[^"\\]|\\.)*)"/.exec(said)?.[1] ?? said.slice(0, 200);

const text = ({ put, gets }: Outcome): string => [put, ...gets.filter((status) => status !== 200)].join(' ');

function count(visits: readonly Visit[]): void {
  const table = new Map<string, number>();
  for (const { expect, outcome } of visits) {
    const row = `${expectationOf(expect).padEnd(18)} ${text(outcome)}`;
    table.set(row, (table.get(row) ?? 0) + 1);
  }
  for (const [row, files] of [...table].toSorted(([a], [b]) => (a < b ? -1 : 1)))
    console.log(`${String(files).padStart(5)}  ${row}`);
}

/** Uploads by id, so that no name of the corpus has to be one of ours. */
async function walk(folder: string): Promise<readonly Visit[]> {
  const server = await startTintype({ TINTYPE_STORE: 'memory:', TINTYPE_SVG: 'raster' });
  try {
    const visits: Visit[] = [];
    for (const [index, listed] of manifestOf(folder).entries())
      visits.push(await visit(server, folder, listed, `corpus-${index}`));
    return visits;
  } finally {
    await server.close();
  }
}

export async function runCorpus(folder: string): Promise<number> {
  const visits = await walk(folder);
  count(visits);
  const isBroken = ({ outcome }: Visit) => [outcome.put, ...outcome.gets].some((status) => status >= 500);
  const broken = visits.filter(isBroken);
  const unlike = visits.filter(({ expect, outcome }) => !fits(expectationOf(expect) satisfies Expectation, outcome));
  for (const one of new Set([...broken, ...unlike])) {
    console.log(`\n${one.file}: expected "${one.expect}" but was ${text(one.outcome)}\n  ${sentenceIn(one.said)}`);
  }
  console.log(`\n${visits.length} files, ${unlike.length} otherwise than expected, ${broken.length} with a 5xx`);
  return broken.length + unlike.length === 0 ? 0 : 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [folder] = process.argv.slice(2);
  if (folder === undefined) throw new Error('Expected a folder with a MANIFEST.tsv: npm run corpus -- DIR');
  process.exitCode = await runCorpus(resolve(folder));
}
