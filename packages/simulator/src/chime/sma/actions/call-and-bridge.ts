import { VOICE_RATE } from '../../../call/virtual-call.ts';
import { type ActionKind, type ActionOutcome, failure, numeric, SUCCESS } from '../action.ts';
import { dial } from '../dial.ts';
import { recordedPrompt } from '../prompt.ts';

const E164 = /^\+[1-9]\d{1,14}$/;

interface BridgeRequest {
  readonly uri: string;
  readonly callerId: string;
  readonly timeoutMs: number;
}

/** Rings a second party and joins it to the leg; LEG-B is there once they have answered. */
export const callAndBridge: ActionKind = {
  run: async (context) => {
    const { engine, clock, leg, parameters, signal } = context;
    const request = readRequest(
      parameters,
      context.options.ownedNumbers,
      leg.direction === 'Inbound' ? leg.from : leg.to,
    );
    if ('ok' in request) return request;
    const ringback = parameters['RingbackTone'];
    const tone = ringback === undefined ? undefined : recordedPrompt(engine.store, ringback);
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
  ownedNumbers: readonly string[] | undefined,
  ownNumber: string,
): BridgeRequest | ActionOutcome {
  const { CallTimeoutSeconds, CallerIdNumber, Endpoints } = parameters;
  const timeout = numeric(CallTimeoutSeconds) ?? 30;
  if (!(timeout >= 0 && timeout <= 120)) {
    return failure(
      'InvalidActionParameter',
      'MaxCallTimeout parameter is invalid. Timeout must be between 0 and 120 seconds.',
    );
  }
  if (CallerIdNumber === undefined) return failure('InvalidActionParameter', 'Caller ID is not defined.');
  if (typeof CallerIdNumber !== 'string' || !E164.test(CallerIdNumber)) {
    return failure('InvalidActionParameter', 'Caller ID is invalid.');
  }
  if (ownedNumbers && CallerIdNumber !== ownNumber && !ownedNumbers.includes(CallerIdNumber)) {
    return failure(
      'InvalidActionParameter',
      'The Caller ID number provided is invalid. The number must belong to the AWS account or be the From number of LEG-A.',
    );
  }
  if (!Array.isArray(Endpoints) || Endpoints.length !== 1) {
    return failure('InvalidActionParameter', 'The number of endpoints provided is invalid.');
  }
  const { BridgeEndpointType, Uri, Arn } = (Endpoints[0] ?? {}) as Readonly<Record<string, unknown>>;
  const toPhone = BridgeEndpointType === 'PSTN' && typeof Uri === 'string' && E164.test(Uri) && Arn === undefined;
  const toTrunk =
    BridgeEndpointType === 'AWS' &&
    typeof Uri === 'string' &&
    /^[a-zA-Z0-9&=+$/%\-_!~*(,).]{1,30}$/.test(Uri) &&
    typeof Arn === 'string';
  if (!toPhone && !toTrunk) return failure('InvalidActionParameter', 'Endpoint parameter is invalid.');
  return { uri: String(Uri), callerId: CallerIdNumber, timeoutMs: timeout * 1000 };
}
