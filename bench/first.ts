import type { FormatName } from '../src/formats/format.ts';
import type { Bench, Row } from './bench.ts';
import { send } from './client.ts';
import { type Job, type Loop, startLoop } from './loop.ts';
import { mean } from './numbers.ts';
import type { PhotoFormat, Photos } from './photos.ts';
import { compare } from './rounds.ts';
import { startTintype, type Tintype } from './tintype.ts';

interface Work {
  readonly megapixels: number;
  readonly from: PhotoFormat;
  readonly to: FormatName;
}

const works: readonly Work[] = [
  { megapixels: 2, from: 'jpeg', to: 'jpg' },
  { megapixels: 12, from: 'jpeg', to: 'webp' },
  { megapixels: 7, from: 'png', to: 'webp' },
];

/** One at a time, and each when nothing else is going on. */
export const first: Bench = {
  name: 'first',
  measures:
    'Time of the first answer of an original, 400 px wide, against a direct call of sharp without shrink-on-load',
  async run(photos) {
    const loop = await startLoop();
    const tintype = await startTintype();
    try {
      const rows: Row[] = [];
      for (const work of works) rows.push(await compareWork(work, photos, { tintype, loop }));
      return rows;
    } finally {
      await tintype.stop();
      await loop.close();
    }
  },
};

interface Sides {
  readonly tintype: Tintype;
  readonly loop: Loop;
}

async function compareWork({ megapixels, from, to }: Work, photos: Photos, { tintype, loop }: Sides): Promise<Row> {
  const jobs: Job[] = [];
  for (const photo of await photos.ofPixels(megapixels * 1e6, from)) {
    await loop.keep(photo);
    await tintype.put(photo.id, photo.bytes);
    jobs.push(loop.job(photo, { width: 400, format: to }, 'none'));
  }
  const each = async (measure: (job: Job) => Promise<number>) => {
    const times: number[] = [];
    for (const job of jobs) times.push(await measure(job));
    return mean(times) * 1000;
  };
  const compared = await compare({
    tintype: async () => {
      await tintype.purgeAll();
      return each(async ({ url }) => {
        await tintype.until('renders_running', (running) => running === 0);
        return send({ server: tintype.url, paths: [url], answers: 1, connections: 1, cacheStatus: 'fwd=miss' });
      });
    },
    reference: () => each(async (job) => (await loop.make([job], 1)).seconds),
  });
  const what = `${megapixels} megapixel ${from} to 400 px ${to}`;
  return { what, unit: 'ms', ...compared, target: { bound: 'at most', ratio: 1.1 } };
}
