import { randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { storeOptions } from '../../app/open-stores.ts';
import type { BlobStore } from '../../store/blob-store.ts';
import { openStore } from '../../store/index.ts';
import { type Check, type CheckContext, type Finding, failed, passed, sentenceOf, warning } from './check.ts';
import { checkRecords } from './records.ts';

/** Milliseconds that two clocks may differ; S3 itself refuses at 15 minutes, expiring URLs and lifetimes suffer before. */
const maxSkew = 30_000;

/** The stores: that they open, write, swap only what is as it was, and have the right time. */
export const storesCheck: Check = {
  name: 'stores',
  run: async (context) => {
    const { store, variants } = context.config;
    const findings = await checkStore('store', store, context);
    return variants === null ? findings : [...findings, ...(await checkStore('store of variants', variants, context))];
  },
};

async function checkStore(
  what: string,
  url: string,
  { config, scratchFolder }: CheckContext,
): Promise<readonly Finding[]> {
  if (url.startsWith('file:') && !(await isThere(url.slice('file:'.length)))) {
    return [warning(what, `${url} is not there yet; a server makes it`)];
  }
  let store: BlobStore;
  try {
    store = await openStore(url, storeOptions(config, scratchFolder));
  } catch (cause) {
    const said = sentenceOf(cause);
    if (said.includes('is in use by process'))
      return [warning(what, `${url} is in use, most likely by the server itself`)];
    return [failed(what, said, fixFor(url))];
  }
  try {
    await store.probe();
    return [
      passed(what, `${store.name} can be written, read and deleted from`),
      ...(await swapAndClock(what, store)),
      ...(what === 'store' ? [await checkRecords(what, store)] : []),
    ];
  } catch (cause) {
    return [failed(what, sentenceOf(cause), fixFor(url))];
  } finally {
    await store.close();
  }
}

/** Two writers at once are what an upload and a purge may be: one of them must lose. */
export async function swapAndClock(what: string, store: BlobStore): Promise<readonly Finding[]> {
  const key = `doctor/${randomUUID()}`;
  const bytes = (text: string) => new Uint8Array(Buffer.from(text));
  try {
    const before = Date.now();
    const [first, second] = [await store.putIfAbsent(key, bytes('1')), await store.putIfAbsent(key, bytes('2'))];
    const tag = (await store.get(key))?.tag ?? '';
    const swapped = (await store.replaceIf(key, bytes('3'), tag)) !== null;
    const refused = (await store.replaceIf(key, bytes('4'), tag)) === null;
    const modified = (await store.stat(key))?.modified ?? before;
    const mend =
      'Use a store with conditional writes (If-None-Match and If-Match on PUT): pictures could be lost on this one';
    const said = first && !second && swapped && refused;
    return [
      said
        ? passed(`${what}: compare-and-swap`, 'one of two writers wins')
        : failed(`${what}: compare-and-swap`, 'both of two writers win', mend),
      clock(what, modified, before),
    ];
  } finally {
    await store.delete([key]);
  }
}

function clock(what: string, modified: number, before: number): Finding {
  const now = Date.now();
  const skew = modified < before ? before - modified : Math.max(0, modified - now);
  const said =
    skew < 2000 ? 'agrees with that of this machine' : `differs by ${Math.round(skew / 1000)} s from this machine's`;
  return skew <= maxSkew
    ? passed(`${what}: clock`, said)
    : failed(`${what}: clock`, said, 'Set the clocks by NTP: expiring URLs and lifetimes go by them');
}

function fixFor(url: string): string {
  if (url.startsWith('s3:')) {
    return 'Look at the endpoint, the region and the credentials (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION), and at the right to list, get, put and delete';
  }
  return 'Let the user that runs the server write there, and make room on the disk';
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
