import { timestamp } from '../clock.ts';
import type { EventSink } from '../events/event.ts';
import type { RecorderContext } from './recorder-context.ts';
import { sendCommand } from './send-command.ts';
import type { SecureOptions } from './session.ts';

/** How long after its limit a section can still be found abandoned. */
const keptMs = 7 * 24 * 3_600_000;

function nameOf(sessionId: string, commandId: string): string {
  return `secure-abandoned/${sessionId}/${commandId}`;
}

/** Makes known to every process, before the pause leaves, what to do if the section never ends. */
export async function rememberAbandonment(
  { store, clock }: RecorderContext,
  sessionId: string,
  commandId: string,
  { onAbandoned, maxMs }: SecureOptions,
): Promise<void> {
  if (onAbandoned !== 'stop') return;
  await store.remember(nameOf(sessionId, commandId), onAbandoned, timestamp(clock.now() + maxMs + keptMs));
}

/** Stops a recording whose secure section expired and was to be stopped then; any process with a worker may. */
export function abandonedSectionSink(context: RecorderContext): EventSink {
  return {
    name: 'secure-abandoned',
    async deliver({ type, subject, data }, { signal }) {
      if (type !== 'dev.onrecord.secure.expired.v1' || typeof data['commandId'] !== 'string') return;
      if ((await context.store.recall(nameOf(subject, data['commandId']))) !== 'stop') return;
      await sendCommand(context, subject, { kind: 'stop' }, { until: 'accepted', signal });
    },
  };
}
