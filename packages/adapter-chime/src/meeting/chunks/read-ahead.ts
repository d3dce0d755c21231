import type { ChunkSource, ListedObject } from './chunk-source.ts';

/** Chunks fetched before they are needed: a request takes longer than the joining of its bytes. */
const ahead = 4;

/** The objects of a listing with their bytes, in its order. */
export async function* readAhead(
  source: ChunkSource,
  objects: AsyncIterable<ListedObject>,
  signal: AbortSignal,
): AsyncGenerator<{ readonly object: ListedObject; readonly bytes: Uint8Array }> {
  const waiting: { readonly object: ListedObject; readonly bytes: Promise<Uint8Array> }[] = [];
  const cut = new AbortController();
  const either = AbortSignal.any([signal, cut.signal]);
  const fetch = (object: ListedObject) => {
    const bytes = object.bytes === 0 ? Promise.resolve(new Uint8Array(0)) : source.open(object.key, { signal: either });
    // It is awaited in its turn; until then nobody else may complain of it.
    bytes.catch(() => {});
    waiting.push({ object, bytes });
  };
  try {
    for await (const object of objects) {
      fetch(object);
      if (waiting.length > ahead) yield await next(waiting);
    }
    while (waiting.length > 0) yield await next(waiting);
  } finally {
    cut.abort();
  }
}

async function next(waiting: { readonly object: ListedObject; readonly bytes: Promise<Uint8Array> }[]) {
  const [first] = waiting.splice(0, 1);
  if (!first) throw new Error('Nothing is waiting.');
  return { object: first.object, bytes: await first.bytes };
}
