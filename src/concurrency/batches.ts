/** Keeps a disk or a bucket busy and leaves capacity for others. */
const atATime = 16;

/** Runs `work` on every item, 16 at a time. Results keep the order of the items. The first failure rejects. */
export async function inBatches<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let from = 0; from < items.length; from += atATime) {
    results.push(...(await Promise.all(items.slice(from, from + atATime).map(work))));
  }
  return results;
}
