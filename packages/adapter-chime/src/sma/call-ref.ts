import { type CallRef, OnRecordError } from '@onrecord/core';
import { participantOf, sipMediaApplicationId } from './event/read-event.ts';
import type { SmaEvent } from './event/sma-event.ts';

/** What addresses one leg of a call on a SIP media application. */
export interface SmaLegData {
  readonly [member: string]: string | undefined;
  readonly sipMediaApplicationId?: string | undefined;
  readonly transactionId: string;
  readonly callId: string;
  readonly region?: string | undefined;
}

/** A leg: the unit of recording on a SIP media application. */
export interface SmaLeg extends CallRef<'chime.sma-leg'> {
  readonly data: SmaLegData;
}

/** Name of the provider instance where nobody gave one: the driver's type, as with a recorder. */
export const defaultProvider = 'chime-sma';

/**
 * The reference of one leg of an event, by tag (`LEG-A`, `LEG-B`) or by CallId.
 *
 * @throws OnRecordError `not-found` when the event has no such participant.
 * @example
 * ```ts
 * const call = smaLeg(event, 'LEG-A');
 * ```
 */
export function smaLeg(event: SmaEvent, leg: string, options: { readonly provider?: string } = {}): SmaLeg {
  const participant = participantOf(event, leg);
  if (!participant) {
    throw new OnRecordError('not-found', `This event has no participant ${leg}.`, {
      context: { transactionId: event.CallDetails.TransactionId },
    });
  }
  const { TransactionId: transactionId, AwsRegion: region } = event.CallDetails;
  const application = sipMediaApplicationId(event);
  return {
    kind: 'chime.sma-leg',
    provider: options.provider ?? defaultProvider,
    key: `${transactionId}/${participant.CallId}`,
    ...(region === undefined ? {} : { region }),
    data: {
      ...(application === undefined ? {} : { sipMediaApplicationId: application }),
      transactionId,
      callId: participant.CallId,
      ...(region === undefined ? {} : { region }),
    },
  };
}

/**
 * Reads a reference that came from elsewhere.
 * @throws OnRecordError `unsupported` for another kind of call, `invalid-request` for an incomplete one.
 */
export function readSmaLeg(call: CallRef): SmaLegData {
  if (call.kind !== 'chime.sma-leg') {
    throw new OnRecordError('unsupported', `A SIP media application records legs of its own calls, not ${call.kind}.`, {
      remedy: 'Pass a call of kind chime.sma-leg, as call notices and smaLeg(event, tag) give it.',
    });
  }
  const { sipMediaApplicationId: application, transactionId, callId, region } = call.data;
  if (typeof transactionId !== 'string' || typeof callId !== 'string') {
    throw new OnRecordError('invalid-request', `The call ${call.key} lacks transactionId or callId.`, {
      remedy: 'Take the reference from a call notice or from smaLeg(event, tag).',
    });
  }
  return {
    ...(typeof application === 'string' ? { sipMediaApplicationId: application } : {}),
    transactionId,
    callId,
    ...(typeof region === 'string' ? { region } : {}),
  };
}
