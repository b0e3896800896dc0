import type { FormatName } from '../src/formats/format.ts';
import type { Bench, Row } from './bench.ts';
import { send } from './client.ts';
import type { Job } from './loop.ts';
import { mean } from './numbers.ts';
import type { Photos } from './photos.ts';
import { compare } from './rounds.ts';
import { bring, runOfWorks, type Sides, type Work } from './sides.ts';

interface ToFormat extends Work {
  readonly to: FormatName;
}

const works: readonly ToFormat[] = [
  { megapixels: 2, from: 'jpeg', to: 'jpg' },
  { megapixels: 12, from: 'jpeg', to: 'webp' },
  { megapixels: 7, from: 'png', to: 'webp' },
];

/** One at a time, and each when nothing else is going on. */
export const first: Bench = {
  name: 'first',
  measures:
    'Time of the first answer of an original, 400 px wide, against a direct call of sharp without shrink-on-load',
  run: runOfWorks(works, compareWork),
};

async function compareWork({ megapixels, from, to }: ToFormat, photos: Photos, { tintype, loop }: Sides): Promise<Row> {
  const some = await photos.ofPixels(megapixels * 1e6, from);
  await bring(some, { tintype, loop });
  const jobs = some.map((photo) => loop.job(photo, { width: 400, format: to }, 'none'));
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
