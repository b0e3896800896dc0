import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tintypeOnPort } from '../support/listening.ts';
import { secret, solid } from '../support/tintype.ts';
import { exchange, head, statuses } from '../support/wire.ts';

/**
 * `npm run urls -- DIR`: sends every line of DIR's `ids_*.txt` as an id and of its `transforms*` as words over raw sockets, byte
 * for byte, and tells of answers that are faults of ours, of verdicts that differ, and of what a strange id left in the store.
 */
const [folder] = process.argv.slice(2);
if (folder === undefined) {
  console.error('Expected a folder: npm run urls -- DIR');
  process.exit(2);
}

const server = await tintypeOnPort({ TINTYPE_WORKERS: 'none' });
const picture = await solid('#ff8800', 60, 40);
await server.put('cat', picture);
const close = { Connection: 'close' };
const token = { ...close, Authorization: `Bearer ${secret}` };
const linesOf = (name: string) =>
  readFileSync(join(folder, name), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));

let wrong = 0;
function tell(what: string): void {
  wrong += 1;
  console.log(what);
}

async function statusOf(line: string, fields: Record<string, string | number>, body: Uint8Array = new Uint8Array()) {
  const sent = Buffer.concat([Buffer.from(head(line, fields), 'utf8'), body]);
  return statuses(await exchange(server.port, sent))[0] ?? 0;
}

const keysNow = async () => (await server.tintype.store.list('', { limit: 1000 })).entries.map(({ key }) => key);
const names = readdirSync(folder);

let ids = 0;
const legal = /^[A-Za-z0-9][A-Za-z0-9._~:-]{0,199}$/;
for (const id of names.filter((name) => name.startsWith('ids_')).flatMap(linesOf)) {
  ids += 1;
  const upload = { ...token, 'Content-Length': picture.byteLength };
  const put = await statusOf(`PUT /originals/${id}`, upload, picture);
  const others = await Promise.all([
    statusOf(`GET /img/${id}/w_100`, close),
    statusOf(`PURGE /img/${id}`, token),
    statusOf(`GET /originals/${id}/info`, token),
    statusOf(`PUT /originals/${id}`, { ...close, 'Content-Length': 0 }),
  ]);
  const isStored = put === 201 || put === 200;
  if (isStored !== legal.test(id)) tell(`PUT ${id.slice(0, 60)}: ${put}`);
  if (isStored && others[0] !== 200) tell(`GET ${id.slice(0, 60)}: ${others[0]}`);
  // An empty answer is a request line that node refuses to read.
  for (const status of [put, ...others]) if (status === 0 || status >= 500) tell(`${id.slice(0, 60)}: ${status}`);
  if (!isStored && (put < 400 || (others[3] ?? 0) < 400)) tell(`${id.slice(0, 60)}: ${put}`);
  if (isStored) await statusOf(`DELETE /originals/${id}`, token);
}
const strange = (await keysNow()).filter((key) => !/^(?:o|v|i|j)\//.test(key));
if (strange.length > 0) tell(`Left in the store: ${strange.join(' ')}`);

let transforms = 0;
for (const line of names.filter((name) => name.startsWith('transforms')).flatMap(linesOf)) {
  transforms += 1;
  const [words = '', verdict = ''] = line.split('\t');
  const status = await statusOf(`GET /img/cat/${words}`, close);
  const allowed = [...verdict.matchAll(/\b[2-5]\d\d\b/g)].map(([code]) => Number(code));
  if (status === 0 || status >= 500) tell(`${words.slice(0, 60)}: ${status}`);
  else if (allowed.length > 0 && !allowed.includes(status))
    tell(`${words.slice(0, 60)}: ${status}, the list says ${verdict}`);
}

await server.close();
console.log(`${ids} ids, ${transforms} transforms, ${wrong} to look at`);
