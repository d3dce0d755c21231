import { VOICE_RATE } from '../../../call/virtual-call.ts';
import { type ActionKind, type ActionOutcome, failure, numeric, SUCCESS } from '../action.ts';
import { dial } from '../dial.ts';
import { CALL_AND_BRIDGE, refusedHeaders } from '../parameters/call-and-bridge.ts';
import { checkParameters, isRecord } from '../parameters/parameter-rule.ts';
import { recordedPrompt } from '../prompt.ts';
import type { ResolvedSmaOptions } from '../sma-options.ts';

interface BridgeRequest {
  readonly uri: string;
  readonly callerId: string;
  readonly timeoutMs: number;
}

/** Rings a second party and joins it to the leg; LEG-B is there once they have answered. */
export const callAndBridge: ActionKind = {
  run: async (context) => {
    const { engine, clock, leg, parameters, signal } = context;
    const request = readRequest(parameters, context.options, leg.direction === 'Inbound' ? leg.from : leg.to);
    if ('ok' in request) return request;
    const ringback = parameters['RingbackTone'];
    const tone = ringback === undefined ? undefined : recordedPrompt(engine, ringback);
    if (ringback !== undefined && !tone) {
      return failure('InvalidAudioSource', 'Ringback Tone parameter value is invalid.');
    }
    if (engine.bridged) return failure('InvalidActionParameter', 'The call is bridged already.');
    const phone = engine.phones.find(request.uri);
    const ringing =
      tone && leg.audio.addPrompt(clock.now(), (index) => tone.source(index % ((tone.durationMs * VOICE_RATE) / 1000)));
    const other = engine.newLeg({
      tag: 'LEG-B',
      to: request.uri,
      from: request.callerId,
      direction: 'Outbound',
      voice: phone.name,
      source: phone.source,
    });
    try {
      const outcome = await dial(phone, clock, request.timeoutMs, signal);
      if (outcome !== 'answered') return failure('CallNotAnswered', 'Call not answered');
    } finally {
      if (ringing) ringing.toMs = clock.now();
    }
    engine.bridge(leg, other);
    return SUCCESS;
  },
};

function readRequest(
  parameters: Readonly<Record<string, unknown>>,
  { ownedNumbers, sipHeadersToPhones }: ResolvedSmaOptions,
  ownNumber: string,
): BridgeRequest | ActionOutcome {
  const refusal = checkParameters(CALL_AND_BRIDGE, parameters);
  if (refusal) return refusal;
  const callerId = String(parameters['CallerIdNumber']);
  if (ownedNumbers && callerId !== ownNumber && !ownedNumbers.includes(callerId)) {
    return failure(
      'InvalidActionParameter',
      'The Caller ID number provided is invalid. The number must belong to the AWS account or be the From number of LEG-A.',
    );
  }
  const [endpoint] = parameters['Endpoints'] as readonly [Readonly<Record<string, unknown>>];
  const { SipHeaders } = parameters;
  const toPhone = endpoint['BridgeEndpointType'] === 'PSTN' && isRecord(SipHeaders);
  const refused = toPhone && sipHeadersToPhones === 'refused' ? Object.keys(SipHeaders) : refusedHeaders(SipHeaders);
  if (refused.length > 0) {
    return failure('InvalidActionParameter', `Invalid SIP header(s) provided: ${refused.join(', ')}`);
  }
  const timeoutMs = (numeric(parameters['CallTimeoutSeconds']) ?? 30) * 1000;
  return { uri: String(endpoint['Uri']), callerId, timeoutMs };
}
