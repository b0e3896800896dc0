import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { benches } from './index.ts';
import { againstPeers, readPeer } from './peers.ts';
import { drawnPhotos, photosIn } from './photos.ts';
import { cellsOf, loadNow, printReport, type Report, thisMachine } from './report.ts';

/**
 * `npm run bench [-- NAME…] [--photos FOLDER] [--peer NAME=URL-TEMPLATE]…`: runs the named benches, or all of them, or those
 * against peers, and prints their rows. A run of all with the drawn photos also writes `results.json` and `RESULTS.md`
 * beside this file.
 */
async function run(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { photos: { type: 'string' }, peer: { type: 'string', multiple: true } },
  });
  const photos = values.photos === undefined ? drawnPhotos : photosIn(values.photos);
  const peers = (values.peer ?? []).map(readPeer);
  const before = loadNow();
  const done: Report['benches'][number][] = [];
  for (const { name, measures, run } of peers.length > 0 ? [againstPeers(peers)] : chosen(positionals)) {
    console.log(`\n${name}: ${measures}`);
    const rows = await run(photos);
    for (const row of rows) console.log(`  ${cellsOf(row).join(' · ')}`);
    done.push({ name, measures, rows });
  }
  if (positionals.length === 0 && values.photos === undefined && peers.length === 0)
    await keep({ machine: thisMachine(photos.source, before), benches: done });
}

function chosen(names: readonly string[]) {
  const unknown = names.find((name) => benches.every((bench) => bench.name !== name));
  if (unknown === undefined) return names.length === 0 ? benches : benches.filter(({ name }) => names.includes(name));
  throw new Error(
    `Expected names of benches (${benches.map(({ name }) => name).join(', ')}) but received "${unknown}"`,
  );
}

async function keep(report: Report): Promise<void> {
  await writeFile(new URL('results.json', import.meta.url), `${JSON.stringify(report, null, 2)}\n`);
  await writeFile(new URL('RESULTS.md', import.meta.url), printReport(report));
}

await run();
