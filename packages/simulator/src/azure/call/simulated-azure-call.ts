import { randomUUID } from 'node:crypto';
import type { AudioSource, VirtualCall } from '../../call/virtual-call.ts';
import { type CallbackEvent, callbackEvent } from '../events/cloud-event.ts';
import type { Overlay } from '../media/captured-audio.ts';
import { type AzureWorld, later } from '../world.ts';
import type { CallProfile } from './call-profile.ts';
import type { Conversation, ConversationLeg } from './conversation.ts';
import { identifierOf, type WireIdentifier } from './identifier.ts';
import { failureEvents, type LegOptions } from './leg-options.ts';
import type { Connecting } from './placement.ts';
import { PromptQueue } from './prompt-queue.ts';
import type { PromptLoader } from './prompt-source.ts';
import type { RecordedCall } from './recorded-call.ts';
import type { RecordingAnnouncement } from './teams-phone.ts';

export type CallConnectionState = 'connecting' | 'connected' | 'disconnected';

/** `resultInformation` of a real `CallDisconnected`. */
const CONVERSATION_ENDED = {
  code: 200,
  subCode: 560_000,
  message: 'The conversation has ended. DiagCode: 0#560000.@',
};

/**
 * A conversation that Call Automation controls: our application is on it by one call connection. People come, go and end
 * the call through this class, so that the application hears of it. `CallDisconnected` is the last event of a connection.
 */
export class SimulatedAzureCall implements RecordedCall, ConversationLeg {
  readonly conversation: Conversation;
  readonly callConnectionId: string = randomUUID();
  readonly placement: Connecting;
  readonly prompts: PromptQueue;
  readonly #world: AzureWorld;
  readonly #options: LegOptions;
  #state: CallConnectionState = 'connecting';
  readonly #whenLeft: (() => void)[] = [];
  #established = false;
  #sequence = 0;

  constructor(world: AzureWorld, loader: PromptLoader, conversation: Conversation, options: LegOptions) {
    this.#world = world;
    this.#options = options;
    this.conversation = conversation;
    this.placement = options.connecting;
    this.prompts = new PromptQueue(world, this.call, loader, (name, order, result) => {
      const data = { ...this.ids(), ...result, operationContext: order.operationContext };
      this.#send(this.#event(name, data), order.operationCallbackUri);
    });
    conversation.add(this);
    later(world, world.behaviour.connectMs, () => this.#connect());
  }

  get call(): VirtualCall {
    return this.conversation.call;
  }

  get profile(): CallProfile {
    return this.conversation.profile;
  }

  get serverCallId(): string {
    return this.conversation.serverCallId;
  }

  get correlationId(): string {
    return this.conversation.correlationId;
  }

  /** What finds it by `groupCallLocator`, where it was placed as a group call. */
  get groupCallId(): string | undefined {
    return this.conversation.groupCallId;
  }

  /** What finds it by `roomCallLocator`, where it was placed in a room. */
  get roomId(): string | undefined {
    return this.conversation.roomId;
  }

  /** State of our own leg. */
  get state(): CallConnectionState {
    return this.#state;
  }

  /** Whether the call itself, with or without us, is over. */
  get over(): boolean {
    return this.conversation.over;
  }

  /** Whether our leg was connected, so that the call can be recorded and played to; see also {@link over}. */
  get established(): boolean {
    return this.#established;
  }

  /** Who is in the call now, once each. */
  get present(): readonly WireIdentifier[] {
    return this.conversation.present;
  }

  /** Whom the application called, or whom it met. */
  get targets(): readonly WireIdentifier[] {
    return this.#options.targets ?? this.present;
  }

  /** What everyone was played by this leg. */
  get played(): readonly Overlay[] {
    return this.prompts.overlays;
  }

  get overlays(): readonly Overlay[] {
    return this.conversation.overlays;
  }

  /** What Teams Phone said of recordings so far; nothing in other calls. */
  get announcements(): readonly RecordingAnnouncement[] {
    return this.conversation.announcements;
  }

  rawIdOf(address: string): string {
    return this.conversation.rawIdOf(address);
  }

  announceRecording(about: RecordingAnnouncement['about']): void {
    this.conversation.announceRecording(about);
  }

  /** Somebody joins; `ParticipantsUpdated` tells the application. */
  join(participant: { readonly name: string; readonly address?: string; readonly source?: AudioSource }): void {
    this.conversation.join(participant);
  }

  /** Somebody leaves; the call goes on. */
  leave(name: string): void {
    this.conversation.leave(name);
  }

  /** Everybody is gone: recordings end, then our leg. Calling it again does nothing. */
  end(): void {
    this.conversation.end();
  }

  whenOver(listener: () => void): void {
    this.conversation.whenOver(listener);
  }

  whenLeft(listener: () => void): void {
    this.#whenLeft.push(listener);
  }

  /** Somebody whom the application added joins: `AddParticipantSucceeded`, then `ParticipantsUpdated`. */
  addParticipant(
    participant: { readonly name: string; readonly address?: string; readonly source?: AudioSource },
    operationContext?: string,
  ): void {
    const identifier = identifierOf(this.rawIdOf(participant.address ?? participant.name));
    this.tell('AddParticipantSucceeded', { operationContext, participant: identifier });
    this.join(participant);
  }

  /** Our leg is handed to `target`: `CallTransferAccepted`, then `CallDisconnected`; the call goes on without us. */
  transfer(target: string, operationContext?: string): void {
    const [transferee] = this.present;
    const transferTarget = identifierOf(this.rawIdOf(target));
    this.tell('CallTransferAccepted', { operationContext, transferTarget, transferee });
    this.hangUp();
  }

  /** Our leg leaves; the call goes on for the others. `CallDisconnected` is the last event of the connection. */
  hangUp(): void {
    if (this.#state === 'disconnected') return;
    this.prompts.close();
    for (const listener of this.#whenLeft) listener();
    const { operationContext } = this.placement;
    this.tell('CallDisconnected', { operationContext, resultInformation: CONVERSATION_ENDED });
    this.#state = 'disconnected';
  }

  /**
   * Sends a callback about this call, for what the simulator has no operation for: `RecognizeCompleted`,
   * `CallTransferFailed`, `ContinuousDtmfRecognitionToneReceived`, a type of tomorrow. After `CallDisconnected` nothing
   * is sent.
   * @param name last part of the type
   * @param data beyond the ids of the call
   */
  tell(name: string, data: Readonly<Record<string, unknown>> = {}): void {
    this.#send(this.#event(name, { ...this.ids(), ...data }));
  }

  /** The ids that every event of this call carries. */
  ids(): { readonly callConnectionId: string; readonly serverCallId: string; readonly correlationId: string } {
    return { callConnectionId: this.callConnectionId, ...this.conversation.ids() };
  }

  tellParticipants(): void {
    if (this.#state === 'connected') this.#send(this.#participantsEvent());
  }

  #connect(): void {
    if (this.#state !== 'connecting') return;
    const { failure, origin, whenConnected } = this.#options;
    const { operationContext } = this.placement;
    if (failure) {
      this.tell(failureEvents[origin], { operationContext, resultInformation: failure });
      this.#state = 'disconnected';
      return;
    }
    this.#state = 'connected';
    this.#established = true;
    this.conversation.establish();
    whenConnected?.();
    const { behaviour, callbacks } = this.#world;
    const { serverCallId, ...others } = this.ids();
    const ids = behaviour.serverCallIdInCallConnected ? { ...others, serverCallId } : others;
    const connected = this.#event('CallConnected', { ...ids, operationContext });
    if (behaviour.connectBurst === 'one-array') {
      callbacks.sendArray(this.placement.callbackUri, [connected, this.#participantsEvent()]);
    } else {
      this.#send(connected);
      this.tellParticipants();
    }
  }

  #participantsEvent(): CallbackEvent {
    this.#sequence += 1;
    const participants = this.present.map((identifier) => ({ identifier, isMuted: false, isOnHold: false }));
    return this.#event('ParticipantsUpdated', { ...this.ids(), participants, sequenceNumber: this.#sequence });
  }

  #event(name: string, data: Readonly<Record<string, unknown>>): CallbackEvent {
    const { clock, behaviour } = this.#world;
    const about = `calling/callConnections/${this.callConnectionId}`;
    return callbackEvent(name, about, data, clock.now(), behaviour.eventShape);
  }

  #send(event: CallbackEvent, url: string = this.placement.callbackUri): void {
    if (this.#state !== 'disconnected') this.#world.callbacks.send(url, event);
  }
}
