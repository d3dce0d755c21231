import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Turns of the event loop that buffers may take to go: they are given back in the background. */
const patience = 200;

/** Bytes of buffers that something holds; fewer than `limit` as soon as they are, for what is free may go late. */
export async function keptBytes(limit: number = 0): Promise<number> {
  let kept = Number.POSITIVE_INFINITY;
  for (let turn = 0; turn < patience && kept >= limit; turn++) {
    collect();
    await setImmediate();
    kept = Math.min(kept, process.memoryUsage().arrayBuffers);
    if (limit === 0 && turn >= 10) break;
  }
  return kept;
}
