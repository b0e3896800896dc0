import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { benches } from './index.ts';
import { againstPeers, readPeer } from './peers.ts';
import { drawnPhotos, photosIn } from './photos.ts';
import { cellsOf, type Done, loadNow, printReport, type Report, thisMachine } from './report.ts';

/**
 * `npm run bench [-- NAME…] [--photos FOLDER] [--peer NAME=URL-TEMPLATE]…`: runs the named benches, or all of them, or those
 * against peers, and prints their rows. With the drawn photos what a bench came to is also kept, as soon as it is known, in
 * `results.json` and `RESULTS.md` beside this file.
 */
async function run(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { photos: { type: 'string' }, peer: { type: 'string', multiple: true } },
  });
  const photos = values.photos === undefined ? drawnPhotos : photosIn(values.photos);
  const peers = (values.peer ?? []).map(readPeer);
  for (const { name, measures, run } of peers.length > 0 ? [againstPeers(peers)] : chosen(positionals)) {
    console.log(`\n${name}: ${measures}`);
    const before = loadNow();
    const rows = await run(photos);
    for (const row of rows) console.log(`  ${cellsOf(row).join(' · ')}`);
    if (values.photos !== undefined || peers.length > 0) continue;
    await keep({ name, measures, machine: thisMachine(photos.source, before), rows });
  }
}

function chosen(names: readonly string[]) {
  const unknown = names.find((name) => benches.every((bench) => bench.name !== name));
  if (unknown === undefined) return names.length === 0 ? benches : benches.filter(({ name }) => names.includes(name));
  throw new Error(
    `Expected names of benches (${benches.map(({ name }) => name).join(', ')}) but received "${unknown}"`,
  );
}

/** In the place of what it came to before. */
async function keep(done: Done): Promise<void> {
  const path = new URL('results.json', import.meta.url);
  const kept = JSON.parse(await readFile(path, 'utf8')) as Report;
  const known = new Map([...kept.benches, done].map((each) => [each.name, each]));
  const report: Report = { benches: benches.flatMap(({ name }) => known.get(name) ?? []) };
  await writeFile(path, `${JSON.stringify(report, null, 2)}\n`);
  await writeFile(new URL('RESULTS.md', import.meta.url), printReport(report));
}

await run();
