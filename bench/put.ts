import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { drawPhoto } from '../test/support/photo.ts';
import { cellsOf } from './report.ts';
import { compare } from './rounds.ts';
import { startTintype } from './tintype.ts';

/**
 * Whether `tintype put` of a folder keeps a server as busy as a bare loop of PUTs does, eight at once, which finds nothing out and forgets
 * nothing. `npm run bench:put`; the first word is how many photos of half a megapixel there are.
 */
const count = Number(process.argv[2] ?? 1000);
const parallel = 8;
const token = 'token-of-the-bench';
const program = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));

const folder = await mkdtemp(join(tmpdir(), 'tintype-bench-put-'));
const photos = join(folder, 'photos');
const server = await startTintype();
const agent = new Agent({ keepAlive: true, maxSockets: parallel });
let round = 0;
try {
  await draw();
  const sides = { tintype: () => perSecond(byCommand), reference: () => perSecond(byLoop) };
  const target = { bound: 'at least', ratio: 0.9 } as const;
  const row = { what: `put of ${count} photos`, unit: 'photos/s', ...(await compare(sides)), target };
  console.log(cellsOf(row).join(' · '));
} finally {
  agent.destroy();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
}

/** Eight pictures; behind the end of a JPEG anything may stand, so each file is another. */
async function draw(): Promise<void> {
  await mkdir(photos);
  const drawn = await Promise.all(
    Array.from({ length: 8 }, (_, seed) => drawPhoto(820, 615, { quality: 85, seed: seed + 1 })),
  );
  for (let index = 0; index < count; index++) {
    const photo = drawn[index % drawn.length] ?? Buffer.alloc(0);
    await writeFile(join(photos, `${index}.jpg`), Buffer.concat([photo, Buffer.from(String(index))]));
  }
}

async function perSecond(put: (prefix: string) => Promise<void>): Promise<number> {
  round += 1;
  const begun = performance.now();
  await put(`r${round}:`);
  return (count * 1000) / (performance.now() - begun);
}

async function byCommand(prefix: string): Promise<void> {
  const env = { PATH: process.env['PATH'], TINTYPE_URL: server.url, TINTYPE_TOKEN: token };
  await promisify(execFile)(process.execPath, [program, 'put', photos, '--prefix', prefix], { env });
}

async function byLoop(prefix: string): Promise<void> {
  const names = (await readdir(photos)).values();
  const work = async () => {
    for (const name of names) await putOne(`${prefix}${name}`, await readFile(join(photos, name)));
  };
  await Promise.all(Array.from({ length: parallel }, work));
}

function putOne(id: string, body: Buffer): Promise<void> {
  const headers = { authorization: `Bearer ${token}`, 'content-length': body.byteLength };
  return new Promise((resolve, reject) => {
    const asked = request(`${server.url}/originals/${id}`, { method: 'PUT', agent, headers }, (answer) => {
      answer.resume().on('end', () => {
        if (answer.statusCode === 201) resolve();
        else reject(new Error(`Expected 201 for ${id} but received ${answer.statusCode}`));
      });
    });
    asked.on('error', reject).end(body);
  });
}
