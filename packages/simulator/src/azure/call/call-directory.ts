import { isRecord } from '../schema/shape.ts';
import { ApiError, invalid, notEstablished, notFound, terminated } from '../server/api-error.ts';
import type { AzureWorld } from '../world.ts';
import { isServerCallId } from './ids.ts';
import type { SimulatedAzureCall } from './simulated-azure-call.ts';
import { teamsPhoneRefusal } from './teams-phone.ts';

/** The calls of a resource, found by each of their ids. */
export class CallDirectory {
  readonly #world: AzureWorld;
  readonly #calls: SimulatedAzureCall[] = [];

  constructor(world: AzureWorld) {
    this.#world = world;
  }

  add(call: SimulatedAzureCall): void {
    this.#calls.push(call);
  }

  /** The call on which our leg is up. @throws ApiError 404/8522 when there is none, or it is down. */
  connection(callConnectionId: string): SimulatedAzureCall {
    const call = this.#calls.find((other) => other.callConnectionId === callConnectionId);
    if (!call || call.state === 'disconnected') throw notFound('Call');
    return call;
  }

  /**
   * The established call that a start request names.
   * @throws ApiError 400/8523 when it names none, or two; 404/8522 for an unknown one; 400/8501 before it is
   * established, 400/8528 when it is over; 400/8523 or 405/8520 for what Teams Phone does not record.
   */
  recordable(body: Readonly<Record<string, unknown>>): SimulatedAzureCall {
    const { callLocator, callConnectionId } = body;
    const located = isRecord(callLocator);
    const connected = typeof callConnectionId === 'string';
    if (located === connected) throw invalid('Exactly one of callLocator and callConnectionId must be given.');
    const call = located
      ? this.#located(callLocator)
      : this.#calls.find((other) => other.callConnectionId === callConnectionId);
    if (!call) throw notFound('Call');
    if (call.over || (connected && call.state === 'disconnected')) {
      throw terminated();
    }
    if (!call.established) throw notEstablished();
    const refusal = call.profile === 'teams-phone' ? teamsPhoneRefusal(body, this.#world.behaviour) : undefined;
    if (refusal) throw refusal;
    return call;
  }

  #located(locator: Readonly<Record<string, unknown>>): SimulatedAzureCall | undefined {
    const { kind, serverCallId, groupCallId, roomId } = locator;
    const given = [serverCallId, groupCallId, roomId].filter((id) => typeof id === 'string');
    if (given.length !== 1) throw invalid('callLocator must hold exactly one id.');
    if (kind === 'groupCallLocator' && typeof groupCallId === 'string') {
      const call = this.#calls.find((other) => other.groupCallId === groupCallId);
      if (!call) throw this.#unknownGroup();
      return call;
    }
    if (kind === 'roomCallLocator' && typeof roomId === 'string') {
      const { roomStart } = this.#world.behaviour;
      if (roomStart === '8520') throw new ApiError(405, '8520', 'Recording a room call is not supported.');
      if (roomStart === '8523') throw invalid('callLocator.roomId is not supported for starting a recording.');
      return this.#calls.find((call) => call.roomId === roomId);
    }
    if (kind !== 'serverCallLocator' || typeof serverCallId !== 'string') {
      throw invalid('callLocator.kind does not fit the id beside it.');
    }
    if (!isServerCallId(serverCallId)) throw invalid('callLocator.serverCallId is not a valid Base-64 server call id.');
    return this.#calls.find((call) => call.serverCallId === serverCallId);
  }

  #unknownGroup(): ApiError {
    switch (this.#world.behaviour.unknownGroupCall) {
      case '8522':
        return notFound('Call');
      case '8543':
        return new ApiError(404, '8543', 'The call does not exist.');
      case '8548':
        return new ApiError(400, '8548', 'The call is not a group call.');
    }
  }
}
