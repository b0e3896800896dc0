import fc from 'fast-check';
import { startTintype } from '../support/tintype.ts';
import { keep, ofServer, pure } from './properties.ts';

/** `npm run fuzz -- --minutes N`: every promise in turns, each time from another seed; ends with 1 where one is broken. */
const at = process.argv.indexOf('--minutes');
const minutes = at === -1 ? 1 : Number(process.argv[at + 1]);
if (!(minutes > 0 && minutes <= 1440)) {
  console.error('Expected --minutes and a number above 0 and up to 1440');
  process.exit(2);
}

const server = await startTintype({ TINTYPE_WORKERS: 'none', TINTYPE_STORE: 'memory:' });
await keep(server);
const promises = [...pure, ...ofServer(server)];
const end = performance.now() + minutes * 60_000;
/** Every promise has at least three turns. */
const turn = Math.min(5000, (minutes * 60_000) / promises.length / 3);
const runs = new Map<string, number>();
let broken = 0;
while (performance.now() < end && broken === 0) {
  for (const { name, property } of promises) {
    const left = end - performance.now();
    if (left <= 0) break;
    const outcome = await fc.check(property, { numRuns: 1_000_000, interruptAfterTimeLimit: Math.min(left, turn) });
    runs.set(name, (runs.get(name) ?? 0) + outcome.numRuns);
    if (!outcome.failed || outcome.counterexample === null) continue;
    broken += 1;
    console.error(`Broken: ${name}\n${fc.defaultReportMessage(outcome)}`);
  }
}
await server.close();
for (const [name, count] of runs) console.log(`${String(count).padStart(9)}  ${name}`);
process.exitCode = broken === 0 ? 0 : 1;
