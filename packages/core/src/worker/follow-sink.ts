import { followable, followPart } from '../engine/follow-part.ts';
import type { EventSink } from '../events/event.ts';
import { askingOf } from './poll-provider.ts';
import type { WorkerContext } from './worker-options.ts';

const reasons: ReadonlySet<string> = new Set([
  'dev.onrecord.recording.started.v1',
  'dev.onrecord.recording.resumed.v1',
]);

/**
 * Brings a recording up to date with who is on its call once it is known to capture, for the first time or again: who
 * joined while its start was under way, or while it was paused, has no track yet.
 */
export function followSink(context: () => WorkerContext): EventSink {
  return {
    name: 'follow',
    async deliver({ type, subject }, { signal }) {
      if (!reasons.has(type)) return;
      const record = await context().store.load(subject);
      const asking = record && askingOf(context(), record.provider);
      if (!asking) return;
      for (const partId of followable(record)) await followPart(asking, subject, partId, signal);
    },
  };
}
