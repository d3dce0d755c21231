import { callIdOf, eventType, participantOf } from '../event/read-event.ts';
import type { SmaAction, SmaEvent } from '../event/sma-event.ts';
import { type LegState, legOf } from '../turn/state.ts';

/** How a message ended, as its own event tells. */
export interface MessageEnd {
  /** `<bucket>/<key>` of its file. */
  readonly location?: string | undefined;
  /** The key that ended it. */
  readonly terminator?: string | undefined;
  /** The participant hung up. */
  readonly hungUp?: true | undefined;
}

interface Destination {
  readonly BucketName?: unknown;
  readonly Key?: unknown;
  readonly Prefix?: unknown;
}

/** What the success of a RecordAudio says. A hang-up ends one too, and the service reports that as a success. */
export function messageEnd(event: SmaEvent, legs: { readonly [callId: string]: LegState }): MessageEnd {
  const data = event.ActionData;
  const { BucketName, Key } = (data?.['RecordingDestination'] ?? {}) as Destination;
  const terminator = data?.['RecordingTerminatorUsed'];
  const callId = callIdOf(event, data) ?? '';
  const gone = legOf({ legs }, callId).ended || participantOf(event, callId)?.Status === 'Disconnected';
  return {
    ...(typeof BucketName === 'string' && typeof Key === 'string' ? { location: `${BucketName}/${Key}` } : {}),
    ...(typeof terminator === 'string' && terminator !== '' ? { terminator } : {}),
    ...(gone && eventType(event) === 'ACTION_SUCCESSFUL' ? { hungUp: true } : {}),
  };
}

/** The session that a RecordAudio of ours belongs to: its prefix ends with it. */
export function sessionOfMessage(action: SmaAction | null | undefined): string | undefined {
  if (action?.Type !== 'RecordAudio') return undefined;
  const { Prefix } = (action.Parameters?.['RecordingDestination'] ?? {}) as Destination;
  return /(?:^|\/)([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\/?$/.exec(String(Prefix))?.[1];
}

/** Longest time that a message may take, in milliseconds; 0 for any other action. */
export function messageMs({ Type, Parameters }: SmaAction): number {
  return Type === 'RecordAudio' ? Number(Parameters?.['DurationInSeconds']) * 1_000 : 0;
}
