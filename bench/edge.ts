import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endDaemon, freePort, startDaemon } from '../test/e2e/support/daemon.ts';
import { ask } from './ask.ts';
import type { Bench, Row } from './bench.ts';
import type { Photos } from './photos.ts';
import { startTintype, type Tintype } from './tintype.ts';
import { type Visit, visits } from './visits.ts';

/** Visits of the page workload, sent as browsers send them. */
const count = 4000;
const atOnce = 8;

/** Counts, no times: it is the same on every machine. The reference is a cache that could not know browsers from each other. */
export const edge: Bench = {
  name: 'edge',
  measures: `Requests that reach the origin for 1 000 that reach a real Varnish with the configuration Tintype prints, of ${count} visits of the page workload under f_auto, against as many variants as there are for the same visits when each Accept is kept apart`,
  async run(photos) {
    const tintype = await startTintype();
    const folder = await mkdtemp(join(tmpdir(), 'tintype-bench-edge-'));
    const url = `http://127.0.0.1:${await freePort()}`;
    try {
      const file = join(folder, 'tintype.vcl');
      await writeFile(file, await tintype.read('/cdn/varnish'));
      const words = ['-F', '-n', join(folder, 'varnish'), '-a', url.slice(7), '-f', file, '-s', 'malloc,256m'];
      const varnish = await startDaemon('varnishd', [...words, '-j', 'none'], `${url}/livez`);
      try {
        return [await replay(tintype, url, photos)];
      } finally {
        await endDaemon(varnish);
      }
    } finally {
      await tintype.stop();
      await rm(folder, { recursive: true, force: true });
    }
  },
};

async function replay(tintype: Tintype, edgeUrl: string, photos: Photos): Promise<Row> {
  const some = await photos.ofPixels(300_000);
  for (const photo of some) await tintype.put(photo.id, photo.bytes);
  const asked = visits(count, some.length);
  const pathOf = ({ photo, width }: Visit) => `/img/${some[photo]?.id ?? ''}/f_auto,w_${width}`;
  const before = await tintype.metric('requests_total{route="/img/*"');
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce });
  const rest = asked.values();
  const work = async () => {
    for (const visit of rest) {
      const { status } = await ask(edgeUrl + pathOf(visit), agent, { accept: visit.accept });
      if (status !== 200) throw new Error(`Expected a picture at ${pathOf(visit)} but received ${status}`);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  agent.destroy();
  const reached = (await tintype.metric('requests_total{route="/img/*"')) - before;
  const apart = new Set(asked.map((visit) => `${pathOf(visit)} ${visit.accept}`)).size;
  const [ours, theirs] = [(1000 * reached) / count, (1000 * apart) / count];
  const ratio = ours / theirs;
  const spread = [ratio, ratio] as const;
  const what = `${reached} of ${count} visits reached the origin`;
  return {
    what,
    unit: 'of 1 000',
    tintype: ours,
    reference: theirs,
    ratio,
    spread,
    target: { bound: 'at most', ratio: 1 },
  };
}
