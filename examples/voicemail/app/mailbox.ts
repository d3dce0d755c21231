import type { Json, SessionRecord, SessionStore } from '@onrecord/core';
import { MESSAGE } from './flow.ts';

export interface Message {
  readonly sessionId: string;
  /** E.164; undefined where nobody noted it. */
  readonly from: string | undefined;
  /** RFC 3339. */
  readonly leftAt: string;
  /** `completed` when the file is in the archive, verified. */
  readonly state: string;
  /** Length of the file in ms, as the worker measured it. */
  readonly durationMs: number | undefined;
  /** A key, a hang-up, silence or the greatest length; or why there is no file. */
  readonly endedBy: string;
  /** Where the file is: a `file:` URI here. */
  readonly location: string | undefined;
}

/**
 * The messages, oldest first, those without a file among them: a message that failed is listed and says so.
 *
 * @param callers by session id. Telephone numbers are personal: they are the application's to keep and to delete, and are
 * not in the sessions' labels.
 */
export async function listMessages(
  store: SessionStore,
  callers: ReadonlyMap<string, string>,
): Promise<readonly Message[]> {
  const messages: Message[] = [];
  for (const sessionId of await store.list()) {
    const record = await store.load(sessionId);
    if (record) messages.push(messageOf(record, callers.get(sessionId)));
  }
  return messages.sort((a, b) => a.leftAt.localeCompare(b.leftAt));
}

function messageOf({ id, createdAt, snapshot, parts }: SessionRecord, from: string | undefined): Message {
  const file = snapshot.artifacts.find(({ role }) => role === 'master');
  return {
    sessionId: id,
    from,
    leftAt: createdAt,
    state: snapshot.state,
    durationMs: file?.durationMs,
    endedBy: endOf(parts[0]?.facts?.['terminator'], snapshot.endReason, file?.durationMs),
    location: file?.state === 'stored' ? file.location : undefined,
  };
}

/** The service does not tell silence from the greatest length; the length of the file does. */
function endOf(terminator: Json | undefined, endReason: string | undefined, durationMs: number | undefined): string {
  if (typeof terminator === 'string') return `key ${terminator}`;
  if (endReason === 'call-ended') return 'hang-up';
  if (endReason !== 'limit-reached' || durationMs === undefined) return endReason ?? 'nothing yet';
  return durationMs < MESSAGE.maxSeconds * 1_000 ? 'silence' : 'greatest length';
}
