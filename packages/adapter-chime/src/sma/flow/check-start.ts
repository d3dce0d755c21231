import { type CallRef, formatOutput, OnRecordError, type Output, sameOutput, type TurnStart } from '@onrecord/core';
import { readSmaLeg, type SmaLeg, smaLeg } from '../call-ref.ts';
import type { SmaEvent } from '../event/sma-event.ts';
import { checkMessageStart, type Message, messageOf, outputOf } from '../message/message-options.ts';
import { smaOutputs } from '../outputs.ts';
import type { LegState } from '../turn/state.ts';

/** What a start records. */
export interface CheckedStart {
  readonly output: Output;
  /** A message in place of the leg. */
  readonly message: Message | undefined;
}

/** @throws OnRecordError `unsupported` or `invalid-request`. */
export function checkStart(request: TurnStart, fallback: Output): CheckedStart {
  const message = messageOf(request.providerOptions);
  if (message) checkMessageStart(message, request);
  const output = message ? outputOf(message) : (request.output ?? fallback);
  if (!smaOutputs.some((other) => sameOutput(other, output))) {
    throw new OnRecordError('unsupported', `A leg cannot be recorded as ${formatOutput(output)}.`);
  }
  if (request.startPaused) throw new OnRecordError('unsupported', 'A recording of a leg cannot begin paused.');
  if (request.pauseEffect !== undefined && request.pauseEffect !== 'silence') {
    throw new OnRecordError('unsupported', `A pause of a leg leaves silence; it cannot be ${request.pauseEffect}.`);
  }
  return { output, message };
}

/**
 * StartCallRecording works once per leg (developer guide, "StartCallRecording"); RecordAudio as often as wanted, one after
 * the other.
 * @throws OnRecordError `already-exists` or `invalid-state`.
 */
export function checkLeg({ sessions, ended }: LegState, message: Message | undefined): void {
  const alike = sessions.filter((session) => (session.message ?? false) === (message !== undefined));
  const open = alike.find(({ is }) => is === 'open');
  if (open) {
    throw new OnRecordError('already-exists', `Session ${open.id} records this leg.`, {
      context: { sessionId: open.id },
    });
  }
  if (ended) throw new OnRecordError('invalid-state', 'The leg has hung up.');
  if (!message && alike.some(({ is }) => is === 'over')) {
    throw new OnRecordError('invalid-state', 'The leg was recorded already, and is recorded once.', {
      remedy: 'Pause and resume instead of stopping.',
    });
  }
}

/**
 * The leg that a start names, of the same call: by default that of the turn.
 * @throws OnRecordError `invalid-request` or `not-found`.
 */
export function legOfStart(
  { event, provider }: { readonly event: SmaEvent; readonly provider: string },
  own: SmaLeg,
  { call }: { readonly call?: CallRef | undefined },
): SmaLeg {
  if (!call) return own;
  const { transactionId, callId } = readSmaLeg(call);
  if (transactionId !== own.data.transactionId) {
    throw new OnRecordError('invalid-request', `A turn records legs of its own call, not ${call.key}.`);
  }
  return smaLeg(event, callId, { provider });
}
