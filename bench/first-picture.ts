import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bench } from './bench.ts';
import type { Photos } from './photos.ts';
import { compare } from './rounds.ts';
import { startTintype } from './tintype.ts';

/** The least that could show a picture: Node with sharp and a socket. */
const bare = `
import { createServer } from 'node:http';
import sharp from 'sharp';
const server = createServer((_, answer) => sharp(process.argv[1]).resize(400).webp().toBuffer().then((bytes) => answer.end(bytes)));
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
`;

export const firstPicture: Bench = {
  name: 'picture',
  measures:
    'Time from starting a server with an empty folder to the last byte of a first picture, the upload of 2 megapixels included, against a bare node:http server with sharp that has the file already',
  async run(photos) {
    const folder = await mkdtemp(join(tmpdir(), 'tintype-bench-start-'));
    try {
      const bytes = await photoOf(photos);
      const path = join(folder, 'photo.jpg');
      await writeFile(path, bytes);
      const compared = await compare({
        tintype: () => timed(() => ours(bytes)),
        reference: () => timed(() => theirs(path)),
      });
      const what = 'first picture of an empty machine, 2 megapixel jpeg to 400 px webp';
      return [{ what, unit: 'ms', ...compared, target: { bound: 'at most', ratio: 4 } }];
    } finally {
      await rm(folder, { recursive: true });
    }
  },
};

async function photoOf(photos: Photos): Promise<Uint8Array<ArrayBuffer>> {
  const [photo] = await photos.ofPixels(2_000_000);
  if (photo === undefined) throw new Error('Expected a photo');
  return photo.bytes;
}

/** Milliseconds until `work` says that it is done; what is left of it ends afterwards. */
async function timed(work: () => Promise<() => Promise<void>>): Promise<number> {
  const begun = performance.now();
  const end = await work();
  const took = performance.now() - begun;
  await end();
  return took;
}

async function ours(bytes: Uint8Array<ArrayBuffer>): Promise<() => Promise<void>> {
  const tintype = await startTintype();
  await tintype.put('photo', bytes);
  await show(`${tintype.url}/img/photo/f_webp,w_400`);
  return () => tintype.stop();
}

async function theirs(path: string): Promise<() => Promise<void>> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', bare, path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [port] = (await once(child.stdout, 'data')) as [Buffer];
  await show(`http://127.0.0.1:${port.toString().trim()}/`);
  return async () => {
    child.kill();
    await once(child, 'exit');
  };
}

async function show(url: string): Promise<void> {
  const answer = await fetch(url);
  await answer.arrayBuffer();
  if (answer.status !== 200) throw new Error(`Expected ${url} to be a picture but received ${answer.status}`);
}
