import { isRecord } from '../schema/shape.ts';
import { ApiError, invalid, notEstablished, notFound, terminated } from '../server/api-error.ts';
import type { AzureWorld } from '../world.ts';
import type { Conversation } from './conversation.ts';
import { isServerCallId } from './ids.ts';
import type { RecordedCall } from './recorded-call.ts';
import type { SimulatedAzureCall } from './simulated-azure-call.ts';
import { teamsPhoneRefusal } from './teams-phone.ts';

type Fields = Readonly<Record<string, unknown>>;

/** The calls of a resource, found by each of their ids. */
export class CallDirectory {
  readonly #world: AzureWorld;
  readonly #conversations: Conversation[] = [];
  readonly #legs: SimulatedAzureCall[] = [];

  constructor(world: AzureWorld) {
    this.#world = world;
  }

  /** Every connection of our application, oldest first. */
  get legs(): readonly SimulatedAzureCall[] {
    return [...this.#legs];
  }

  host(conversation: Conversation): void {
    this.#conversations.push(conversation);
  }

  add(leg: SimulatedAzureCall): void {
    this.#legs.push(leg);
    if (!this.#conversations.includes(leg.conversation)) this.#conversations.push(leg.conversation);
  }

  /** The call on which our leg is up. @throws ApiError 404/8522 when there is none, or it is down. */
  connection(callConnectionId: string): SimulatedAzureCall {
    const leg = this.#legs.find((other) => other.callConnectionId === callConnectionId);
    if (!leg || leg.state === 'disconnected') throw notFound('Call');
    return leg;
  }

  /**
   * The established call that a start request names.
   * @throws ApiError 400/8523 when it names none, or two; 404/8522 for an unknown one; 400/8501 before it is
   * established, 400/8528 when it is over; 400/8523 or 405/8520 for what is not recorded in rooms and by Teams Phone.
   */
  recordable(body: Fields): RecordedCall {
    const { callLocator, callConnectionId } = body;
    const located = isRecord(callLocator);
    const connected = typeof callConnectionId === 'string';
    if (located === connected) throw invalid('Exactly one of callLocator and callConnectionId must be given.');
    const leg = this.#legs.find((other) => other.callConnectionId === callConnectionId);
    if (located) this.#admitRoom(callLocator);
    const call = located ? this.located(callLocator) : leg;
    if (!call) throw notFound('Call');
    if (call.over || (!located && leg?.state === 'disconnected')) throw terminated();
    if (!call.established) throw notEstablished();
    const refusal = call.profile === 'teams-phone' ? teamsPhoneRefusal(body, this.#world.behaviour) : undefined;
    if (refusal) throw refusal;
    return call;
  }

  /** The call that a locator names. @throws ApiError 400/8523 for a locator that is none, 404/8522 for an unknown call. */
  located(locator: Fields): Conversation {
    const { kind, serverCallId, groupCallId, roomId } = locator;
    const given = [serverCallId, groupCallId, roomId].filter((id) => typeof id === 'string');
    if (given.length !== 1) throw invalid('callLocator must hold exactly one id.');
    const find = (matches: (call: Conversation) => boolean, unknown: () => ApiError): Conversation => {
      const call = this.#conversations.find(matches);
      if (!call) throw unknown();
      return call;
    };
    const absent = (): ApiError => notFound('Call');
    if (kind === 'groupCallLocator' && typeof groupCallId === 'string') {
      return find(
        (call) => call.groupCallId === groupCallId,
        () => this.#unknownGroup(),
      );
    }
    if (kind === 'roomCallLocator' && typeof roomId === 'string') return find((call) => call.roomId === roomId, absent);
    if (kind !== 'serverCallLocator' || typeof serverCallId !== 'string') {
      throw invalid('callLocator.kind does not fit the id beside it.');
    }
    if (!isServerCallId(serverCallId)) throw invalid('callLocator.serverCallId is not a valid Base-64 server call id.');
    return find((call) => call.serverCallId === serverCallId, absent);
  }

  #admitRoom({ kind, roomId }: Fields): void {
    if (kind !== 'roomCallLocator' || typeof roomId !== 'string') return;
    const { roomStart } = this.#world.behaviour;
    if (roomStart === '8520') throw new ApiError(405, '8520', 'Recording a room call is not supported.');
    if (roomStart === '8523') throw invalid('callLocator.roomId is not supported for starting a recording.');
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
