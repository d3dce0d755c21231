import type { CallNotice } from '@onrecord/core';
import { smaLeg } from '../call-ref.ts';
import { callIdOf, eventType } from '../event/read-event.ts';
import type { SmaEvent, SmaParticipant } from '../event/sma-event.ts';
import { legOf, type TurnState, withLeg } from '../turn/state.ts';

/** Notices of an event, and the state in which each leg was told of once. */
export interface LegNotices {
  readonly connected: readonly CallNotice[];
  readonly ended: readonly CallNotice[];
  readonly legs: TurnState['legs'];
}

/**
 * Compares the participants of an event with what was told before: every event shows all legs, so one that an earlier
 * invocation lost is made up for. A bridged or meeting leg is never announced by an event of its own.
 */
export function legNotices(event: SmaEvent, legs: TurnState['legs'], provider: string): LegNotices {
  const type = eventType(event);
  const hungUp = type === 'HANGUP' ? callIdOf(event, event.ActionData) : undefined;
  const connected: CallNotice[] = [];
  const ended: CallNotice[] = [];
  let state = { legs };
  for (const participant of event.CallDetails.Participants) {
    const { CallId: callId } = participant;
    const known = legOf(state, callId);
    const base = { call: smaLeg(event, callId, { provider }) };
    const id = `sma/${base.call.key}`;
    const gone = callId === hungUp || participant.Status === 'Disconnected';
    if (!known.connected && !known.ended && !gone && isHere(type, participant)) {
      const answered = type !== 'NEW_INBOUND_CALL';
      connected.push({
        ...base,
        type: 'call.connected',
        noticeId: `${id}/connected`,
        answered,
        ...describe(participant),
      });
      state = withLeg(state, callId, { connected: true, ...(answered ? { answered: true as const } : {}) });
    }
    if (gone && !known.ended) {
      ended.push({ ...base, type: 'call.ended', noticeId: `${id}/ended` });
      state = withLeg(state, callId, { ended: true });
    }
  }
  return { connected, ended, legs: state.legs };
}

/** `Status` is printed only for answered legs, except that some NEW_INBOUND_CALL events print it all the same. */
function isHere(type: string, participant: SmaParticipant): boolean {
  if (type === 'NEW_OUTBOUND_CALL' || type === 'RINGING') return false;
  return type === 'NEW_INBOUND_CALL' || type === 'CALL_ANSWERED' || participant.Status === 'Connected';
}

function describe({ Direction, From, To }: SmaParticipant) {
  return {
    ...(Direction === undefined
      ? {}
      : { direction: Direction === 'Inbound' ? ('inbound' as const) : ('outbound' as const) }),
    ...(From === undefined ? {} : { from: From }),
    ...(To === undefined ? {} : { to: To }),
  };
}
