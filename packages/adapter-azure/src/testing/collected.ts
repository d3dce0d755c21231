import {
  type InboundRequest,
  memorySessionStore,
  providerIndex,
  type SessionRecord,
  type SessionStore,
} from '@onrecord/core';
import { connected, openRecorder } from './recorder-scene.ts';
import type { SceneOptions } from './scene.ts';

/** One event as the service posted it, with the URL and the headers that it came with. */
export interface PostedEvent {
  readonly url: string;
  readonly headers: InboundRequest['headers'];
  readonly event: unknown;
}

/**
 * A recording that is started, paused, resumed and stopped, of which no event reached the recorder: all it knows are
 * answers. The events of the service wait to be told in whatever order.
 */
export async function unheard(options: SceneOptions = {}) {
  const opened = await openRecorder(options, { jwt: undefined });
  const { scene, recorder, store } = opened;
  const events: PostedEvent[] = [];
  scene.handTo(async (request) => {
    const body: unknown = await request.json();
    const { pathname, search } = new URL(request.url);
    const posted = { url: `${scene.origin}${pathname}${search}`, headers: Object.fromEntries(request.headers) };
    for (const event of Array.isArray(body) ? body : [body]) events.push({ ...posted, event });
    return new Response(null, { status: 200 });
  });
  const { call, ref } = await connected(scene);
  const session = await scene.clock.until(recorder.start({ call: ref }));
  await scene.clock.advance(6_000);
  await scene.clock.until(session.pause());
  await scene.clock.advance(6_000);
  await scene.clock.until(session.resume());
  await scene.clock.advance(6_000);
  await scene.clock.until(session.stop({ until: 'accepted' }));
  await scene.clock.advance(4_000);
  call.end();
  await scene.clock.advance(90_000);
  const record = await store.load(session.id);
  if (!record) throw new Error('the session is gone');
  return { opened, events, record };
}

/** A store that holds this record alone, as if nothing had come after it. */
export async function storeWith(record: SessionRecord): Promise<SessionStore> {
  const store = memorySessionStore();
  const keys = record.parts.flatMap((part) => part.keys.map((key) => providerIndex(record.provider, key)));
  await store.create(record, keys);
  return store;
}
