import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { type Compared, compare, pathsIn, reportOf, sampleOf } from './rehearsal.ts';

const usage =
  'npm run rehearse -- access.log --peer https://img.example.com [--ours http://127.0.0.1:3000/PREFIX] [--sample 100]';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    peer: { type: 'string' },
    ours: { type: 'string', default: 'http://127.0.0.1:3000' },
    sample: { type: 'string', default: '100' },
  },
});
const [log] = positionals;
const most = Number(values.sample);
if (log === undefined || values.peer === undefined || !Number.isInteger(most) || most < 1) {
  console.error(`Expected ${usage}`);
  process.exit(1);
}
const [peer, ours] = [values.peer.replace(/\/$/, ''), values.ours.replace(/\/$/, '')];
const compared: Compared[] = [];
for (const asked of sampleOf(pathsIn(await readFile(log, 'utf8')), most)) {
  compared.push(await compare(asked, ours, peer));
}
console.log(reportOf(compared));
