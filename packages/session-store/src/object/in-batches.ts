/** Requests of one piece of work at the same time: enough to hide their latency, too few to flood a store. */
const atOnce = 16;

/** Does the work for every item, a few at the same time, and returns what came of it in the order of the items. */
export async function inBatches<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let at = 0; at < items.length; at += atOnce) {
    results.push(...(await Promise.all(items.slice(at, at + atOnce).map(work))));
  }
  return results;
}
