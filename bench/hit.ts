import type { Bench, Row } from './bench.ts';
import { accept, send } from './client.ts';
import type { Photos } from './photos.ts';
import { cpuSecondsOf, type Server, startBare } from './process.ts';
import { compare } from './rounds.ts';
import { startTintype, type Tintype } from './tintype.ts';

const bodyBytes = 20_000;
const load = { answers: 20_000, connections: 16, cacheStatus: 'detail=memory' };
/** A server does nothing but answer while it is measured, so all its CPU time is the answers'. */
export const hit: Bench = {
  name: 'hit',
  measures:
    'CPU time of a server for one hit in memory, against a bare node:http server with the same headers, body and log line',
  async run(photos) {
    const tintype = await startTintype();
    try {
      await putPhoto(tintype, photos);
      return [
        await row(tintype, 'f_webp'),
        await row(tintype, 'f_auto'),
        await row(tintype, 'f_webp', 'If-None-Match'),
      ];
    } finally {
      await tintype.stop();
    }
  },
};

async function putPhoto(tintype: Tintype, photos: Photos): Promise<void> {
  const [photo] = await photos.ofPixels(2_000_000);
  if (photo !== undefined) await tintype.put('photo', photo.bytes);
}

/** `condition`: a header that asks with the answer's ETag. */
async function row(tintype: Tintype, format: string, condition?: string): Promise<Row> {
  const { path, bytes, etag } = await nearestTo(bodyBytes, tintype, format);
  const asked = { path, ...(condition === undefined ? {} : { condition: `${condition}: ${etag}` }) };
  const bare = await startBare([tintype.url + path]);
  try {
    const compared = await compare({
      tintype: () => cpuPerAnswer(tintype, asked),
      reference: () => cpuPerAnswer(bare, asked),
    });
    const what = condition === undefined ? `${path}, ${bytes} bytes` : `${path}, 304`;
    return { what, unit: 'µs of CPU', ...compared, target: { bound: 'at most', ratio: 1.7 } };
  } finally {
    await bare.stop();
  }
}

/** Microseconds. */
async function cpuPerAnswer(
  server: Server,
  { path, condition }: { readonly path: string; readonly condition?: string },
): Promise<number> {
  const before = cpuSecondsOf(server.pid);
  const asked = condition === undefined ? load : { ...load, condition, cacheStatus: '' };
  await send({ ...asked, server: server.url, paths: [path] });
  return ((cpuSecondsOf(server.pid) - before) * 1_000_000) / load.answers;
}

/** The width at which this photo becomes about as long as wanted. */
async function nearestTo(wanted: number, tintype: Tintype, format: string) {
  const found: { readonly path: string; readonly bytes: number; readonly etag: string }[] = [];
  for (let width = 160; width <= 960; width += 40) {
    const path = `/img/photo/${format},w_${width}`;
    const response = await fetch(tintype.url + path, { headers: { Accept: accept } });
    const etag = response.headers.get('etag') ?? '';
    found.push({ path, bytes: (await response.arrayBuffer()).byteLength, etag });
  }
  const distance = ({ bytes }: { readonly bytes: number }) => Math.abs(bytes - wanted);
  const [nearest] = found.toSorted((a, b) => distance(a) - distance(b));
  if (nearest === undefined) throw new Error('Expected at least one width');
  return nearest;
}
