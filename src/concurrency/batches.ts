/** Enough to keep a disk or a bucket busy, few enough to leave room for others. */
const atATime = 16;

/** `work` on every item, some at a time; the results in the items' order. The first failure ends it. */
export async function inBatches<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let from = 0; from < items.length; from += atATime) {
    results.push(...(await Promise.all(items.slice(from, from + atATime).map(work))));
  }
  return results;
}
