import { startIpx } from '../test/e2e/support/ipx.ts';
import { bringAll, compareWith } from './peers.ts';
import { drawnPhotos, photosIn } from './photos.ts';
import { cellsOf } from './report.ts';
import { withSides } from './sides.ts';

/** `npm run bench:ipx [-- DIR]`: unjs/ipx from the registry, installed for this run alone, beside us on the same photos. */
const [folder] = process.argv.slice(2);
const photos = folder === undefined ? drawnPhotos : photosIn(folder);
await withSides({}, async ({ tintype, loop }) => {
  const some = await bringAll(photos, { tintype, loop });
  const ipx = await startIpx(loop.folder);
  const template = `${ipx.origin}/w_{width},f_{format},q_{quality}/{file}`;
  try {
    for (const row of await compareWith({ name: 'ipx', template }, some, { tintype, source: '' })) {
      console.log(cellsOf(row).join(' · '));
    }
  } finally {
    await ipx.close();
  }
});
