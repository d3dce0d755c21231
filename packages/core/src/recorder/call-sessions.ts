import type { CallRef } from '../call/call-ref.ts';
import { idempotencyIndex } from '../engine/create-session.ts';
import type { SessionRecord } from '../session/record.ts';
import type { SessionStore } from '../session-store/session-store.ts';

/** The idempotency key of the nth start on a call, from 1, unless the program names one. */
export function nthStartKey(call: Pick<CallRef, 'kind' | 'key'>, ordinal: number): string {
  return `${call.kind}:${call.key}#${ordinal}`;
}

/**
 * The store key of the nth start on a call. Every session has it, also those with an idempotency key of their own, so
 * the sessions of a call can be found from the call alone.
 */
export function nthStartIndex(
  tenant: string | undefined,
  call: Pick<CallRef, 'kind' | 'key'>,
  ordinal: number,
): string {
  return idempotencyIndex({ tenant, idempotencyKey: nthStartKey(call, ordinal) });
}

/** All sessions of a call, oldest first; the next start has the number `length + 1`. */
export async function sessionsOfCall(
  store: SessionStore,
  tenant: string | undefined,
  call: Pick<CallRef, 'kind' | 'key'>,
): Promise<readonly SessionRecord[]> {
  const sessions: SessionRecord[] = [];
  for (;;) {
    const record = await store.findByKey(nthStartIndex(tenant, call, sessions.length + 1));
    if (!record) return sessions;
    sessions.push(record);
  }
}
