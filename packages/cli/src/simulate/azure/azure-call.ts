import type { AudioSource, SimulatedAzure, SimulatedAzureCall } from '@onrecord/simulator';
import { VirtualCall } from '@onrecord/simulator';
import { HttpError } from '../http-error.ts';
import type { Simulation } from '../simulation.ts';
import type { AzureCallRequest, AzureParticipantRequest } from './azure-call-request.ts';

/** Somebody on a call, now or before. */
export interface ParticipantView {
  readonly name: string;
  readonly address: string;
  readonly present: boolean;
}

/** What is told of our own connection to a call. */
export type LegState = SimulatedAzureCall['state'] | 'ringing' | 'none';

/** A call of Azure, whoever began it. */
export interface AzureCall {
  readonly ids: () => Readonly<Record<string, string>>;
  readonly over: () => boolean;
  readonly leg: () => LegState;
  readonly participants: () => readonly ParticipantView[];
  /** Everybody hangs up. */
  end(): void;
  /** The application's connection ends, and the call goes on. @throws HttpError 409 where there is none. */
  hangUp(): void;
  join(participant: AzureParticipantRequest, source: AudioSource): void;
  /** @throws HttpError 404 */
  leave(name: string): void;
}

/** Places a call as it was asked for. @throws HttpError 400 for an address that the service would not call back. */
export function placeAzureCall(
  { azure, clock }: Pick<Simulation, 'azure' | 'clock'>,
  request: AzureCallRequest,
  sources: readonly AudioSource[],
): AzureCall {
  const call = new VirtualCall(clock);
  const addressOf = addresses(azure);
  for (const [index, participant] of request.participants.entries()) {
    call.join({ name: participant.name, address: addressOf(participant), source: sources[index] ?? (() => 0) });
  }
  const { callbackUri, from, to, cognitiveServicesEndpoint, operationContext, ...hosting } = hostingOf(request);
  const participants = () =>
    call.participants.map(({ name, address, leftAt }) => ({ name, address, present: leftAt === undefined }));
  const common = { participants, over: () => call.endedAt !== undefined };
  if (from !== undefined && to !== undefined) {
    const ringing = azure.ring({ call, from, to, ...hosting });
    const { conversation } = ringing;
    return {
      ...common,
      over: () => call.endedAt !== undefined || (ringing.over && !ringing.answered),
      ids: () => ({
        serverCallId: ringing.serverCallId,
        incomingCallContext: ringing.incomingCallContext,
        ...(ringing.answered ? { callConnectionId: ringing.answered.callConnectionId } : {}),
      }),
      leg: () => ringing.answered?.state ?? (ringing.over ? 'none' : 'ringing'),
      end: () => (ringing.answered ? conversation.end() : ringing.giveUp()),
      hangUp: () => legOf(ringing.answered).hangUp(),
      ...roster(conversation, call, addressOf),
    };
  }
  if (callbackUri === undefined) {
    const conversation = azure.hostCall({ call, ...hosting });
    return {
      ...common,
      ids: () => ({ serverCallId: conversation.serverCallId }),
      leg: () => 'none',
      end: () => conversation.end(),
      hangUp: () => legOf(undefined).hangUp(),
      ...roster(conversation, call, addressOf),
    };
  }
  const placed = azure.placeCall({ call, callbackUri, cognitiveServicesEndpoint, operationContext, ...hosting });
  const { callConnectionId, serverCallId } = placed.ids();
  return {
    ...common,
    ids: () => ({ callConnectionId, serverCallId }),
    leg: () => placed.state,
    end: () => placed.end(),
    hangUp: () => placed.hangUp(),
    ...roster(placed, call, addressOf),
  };
}

function hostingOf({ provider: _, participants: __, hangUpAfterMs: ___, ...rest }: AzureCallRequest) {
  return rest;
}

function addresses(azure: SimulatedAzure) {
  return ({ name, address = name, teamsUser }: AzureParticipantRequest): string =>
    teamsUser === undefined ? address : azure.teamsAgent(teamsUser);
}

interface Roster {
  join(participant: { readonly name: string; readonly address?: string; readonly source?: AudioSource }): void;
  leave(name: string): void;
}

function roster(
  conversation: Roster,
  call: VirtualCall,
  addressOf: (participant: AzureParticipantRequest) => string,
): Pick<AzureCall, 'join' | 'leave'> {
  const present = (name: string) => call.participants.some((each) => each.name === name && each.leftAt === undefined);
  return {
    join(participant, source) {
      const { name } = participant;
      if (call.endedAt !== undefined) throw new HttpError(409, 'The call is over.');
      if (present(name)) throw new HttpError(409, `${name} is on the call already.`);
      conversation.join({ name, address: addressOf(participant), source });
    },
    leave(name) {
      if (!present(name)) throw new HttpError(404, `There is nobody called ${name} on the call.`);
      conversation.leave(name);
    },
  };
}

function legOf(leg: SimulatedAzureCall | undefined): SimulatedAzureCall {
  if (leg) return leg;
  throw new HttpError(409, 'The application has no connection to this call.');
}
