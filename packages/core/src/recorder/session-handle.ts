import type { Offer } from '../capabilities/offer.ts';
import { refuseWaitingInsideTurn } from '../flow/inside-turn.ts';
import type { SessionRecord } from '../session/record.ts';
import type { SessionSnapshot } from '../session/snapshot.ts';
import type { SessionState } from '../states/states.ts';
import { timelineOf } from '../timeline/timeline.ts';
import type { RecorderContext } from './recorder-context.ts';
import { runSecureSection } from './secure-section.ts';
import { sendCommand } from './send-command.ts';
import type { Session, SessionBase, SessionDiscard, SessionPause, WaitOptions } from './session.ts';
import { isSettled } from './settled.ts';
import { loadSession, waitForRecord } from './wait.ts';

const never: AbortSignal = new AbortController().signal;

/** A session as a program holds it, with the verbs that its provider, or the recorder's, offers. */
export function sessionHandle<O extends Offer>(context: RecorderContext, record: SessionRecord): Session<O>;
export function sessionHandle(context: RecorderContext, record: SessionRecord): object {
  const id = record.id;
  const own = context.instances[record.provider]?.driver.capabilities;
  const pauses = context.capabilities.pause !== false || own?.pause || record.emulate.includes('pause-by-segments');
  const discards = context.capabilities.discard !== false || own?.discard;
  let latest = record;
  const read = async () => {
    latest = await loadSession(context.store, id);
    return latest;
  };
  const send = async (kind: 'pause' | 'resume' | 'stop' | 'discard', options?: WaitOptions) => {
    latest = (await sendCommand(context, id, { kind }, options)).record;
  };
  const base: SessionBase = {
    id,
    get state(): SessionState {
      return latest.snapshot.state;
    },
    snapshot: async () => (await read()).snapshot,
    record: read,
    timeline: async () => timelineOf((await read()).snapshot),
    stop: (options) => send('stop', options),
    async settled({ signal = never } = {}) {
      refuseWaitingInsideTurn('for a recording to settle');
      context.touch(id);
      latest = await waitForRecord(context.store, id, isSettled, signal);
      return latest.snapshot;
    },
    watch: ({ signal = never } = {}) => snapshots(context, id, signal),
  };
  const pause: SessionPause = {
    pause: (options) => send('pause', options),
    resume: (options) => send('resume', options),
    async secureSection(collect, options) {
      try {
        return await runSecureSection(context, id, collect, options);
      } finally {
        await read();
      }
    },
  };
  const discard: SessionDiscard = { discard: (options) => send('discard', options) };
  return Object.defineProperties(
    {},
    {
      ...Object.getOwnPropertyDescriptors(base),
      ...(pauses ? Object.getOwnPropertyDescriptors(pause) : {}),
      ...(discards ? Object.getOwnPropertyDescriptors(discard) : {}),
    },
  );
}

async function* snapshots(context: RecorderContext, id: string, signal: AbortSignal): AsyncGenerator<SessionSnapshot> {
  let record = await loadSession(context.store, id);
  let told = '';
  for (;;) {
    // Revisions also come from leases and deliveries, which change nothing that a snapshot shows.
    const text = JSON.stringify(record.snapshot);
    if (text !== told) yield record.snapshot;
    told = text;
    if (isSettled(record)) return;
    record = await context.store.watch(id, record.revision, { signal });
  }
}
