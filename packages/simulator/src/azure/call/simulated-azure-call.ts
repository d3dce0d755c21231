import { randomUUID } from 'node:crypto';
import type { AudioSource, VirtualCall } from '../../call/virtual-call.ts';
import { type CallbackEvent, callbackEvent } from '../events/cloud-event.ts';
import type { Overlay } from '../media/captured-audio.ts';
import { sampleAt } from '../media/span.ts';
import { type AzureWorld, later } from '../world.ts';
import type { CallProfile } from './call-profile.ts';
import { identifierOf, rawIdOf, type WireIdentifier } from './identifier.ts';
import { newServerCallId } from './ids.ts';
import type { CallPlacement } from './placement.ts';
import { PromptQueue } from './prompt-queue.ts';
import type { PromptLoader } from './prompt-source.ts';
import { ANNOUNCEMENTS, announcementListeners, type RecordingAnnouncement } from './teams-phone.ts';

export type CallConnectionState = 'connecting' | 'connected' | 'disconnected';

/** `resultInformation` of a real `CallDisconnected`. */
const CONVERSATION_ENDED = {
  code: 200,
  subCode: 560_000,
  message: 'The conversation has ended. DiagCode: 0#560000.@',
};

/**
 * A {@link VirtualCall} that Call Automation knows: our application is on it by one call connection. People come, go
 * and end the call through this class, so that the application hears of it.
 */
export class SimulatedAzureCall {
  readonly call: VirtualCall;
  readonly callConnectionId: string = randomUUID();
  readonly profile: CallProfile;
  readonly serverCallId: string;
  readonly correlationId: string = randomUUID();
  readonly placement: CallPlacement;
  readonly prompts: PromptQueue;
  readonly #world: AzureWorld;
  readonly #loader: PromptLoader;
  readonly #announcements: (RecordingAnnouncement & { readonly begin: number; samples: Int16Array })[] = [];
  readonly #whenOver: (() => void)[] = [];
  #state: CallConnectionState = 'connecting';
  #established = false;
  #ended = false;
  #sequence = 0;

  constructor(world: AzureWorld, loader: PromptLoader, placement: CallPlacement) {
    this.#world = world;
    this.#loader = loader;
    this.placement = placement;
    this.profile = placement.profile ?? 'acs-standalone';
    this.serverCallId = newServerCallId(this.profile);
    this.call = placement.call;
    this.prompts = new PromptQueue(world, this.call, loader, (name, order, result) => {
      const data = { ...this.ids(), ...result, operationContext: order.operationContext };
      const url = order.operationCallbackUri ?? placement.callbackUri;
      world.callbacks.send(url, this.#event(name, data));
    });
    later(world, world.behaviour.connectMs, () => this.#connect());
  }

  /** What finds it by `groupCallLocator`, where it was placed as a group call. */
  get groupCallId(): string | undefined {
    return this.placement.groupCallId;
  }

  /** What finds it by `roomCallLocator`, where it was placed in a room. */
  get roomId(): string | undefined {
    return this.placement.roomId;
  }

  /** State of our own leg. */
  get state(): CallConnectionState {
    return this.#state;
  }

  /** Whether the call itself, with or without us, is over. */
  get over(): boolean {
    return this.call.endedAt !== undefined;
  }

  /** Whether the call has been established, so that it can be recorded; see also {@link over}. */
  get established(): boolean {
    return this.#established;
  }

  /** Who is in the call now, once each. */
  get present(): readonly WireIdentifier[] {
    const present = this.call.participants.filter((participant) => participant.leftAt === undefined);
    return [...new Set(present.map((participant) => this.rawIdOf(participant.address)))].map(identifierOf);
  }

  /** What everyone was played, and what Teams Phone said by itself where that reaches recordings. */
  get overlays(): readonly Overlay[] {
    const heard = this.#world.behaviour.teamsPhoneAnnouncements === 'recorded' ? this.#announcements : [];
    return [...this.prompts.overlays, ...heard];
  }

  /** What Teams Phone said of recordings so far; nothing in other calls. */
  get announcements(): readonly RecordingAnnouncement[] {
    return this.#announcements.map(({ about, at, listeners }) => ({ about, at, listeners }));
  }

  /** Lets Teams Phone say what happened to a recording, where it does that. */
  announceRecording(about: RecordingAnnouncement['about']): void {
    const { behaviour, clock } = this.#world;
    if (this.profile !== 'teams-phone' || behaviour.teamsPhoneAnnouncements === 'none') return;
    const listeners = announcementListeners(this.present);
    if (listeners.length === 0) return;
    const at = clock.now();
    const announcement = {
      about,
      at,
      listeners,
      begin: sampleAt(this.call, at),
      samples: new Int16Array() as Int16Array,
    };
    this.#announcements.push(announcement);
    void this.#loader.load({ kind: 'text', text: ANNOUNCEMENTS[about] }).then((sound) => {
      if (sound instanceof Int16Array) announcement.samples = sound;
    });
  }

  rawIdOf(address: string): string {
    return rawIdOf(address, this.#world.resourceId);
  }

  /** Somebody joins; `ParticipantsUpdated` tells the application. */
  join(participant: { readonly name: string; readonly address?: string; readonly source?: AudioSource }): void {
    this.call.join(participant);
    this.#tellParticipants();
  }

  /** Somebody leaves; the call goes on. */
  leave(name: string): void {
    this.call.leave(name);
    this.#tellParticipants();
  }

  /** Everybody is gone: recordings end, then our leg. Calling it again does nothing. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.call.end();
    for (const listener of this.#whenOver) listener();
    this.hangUp();
  }

  /** Our leg leaves; the call goes on for the others. `CallDisconnected` is the last event of the connection. */
  hangUp(): void {
    if (this.#state === 'disconnected') return;
    this.#state = 'disconnected';
    this.prompts.close();
    this.#send(
      this.#event('CallDisconnected', {
        ...this.ids(),
        operationContext: this.placement.operationContext,
        resultInformation: CONVERSATION_ENDED,
      }),
    );
  }

  /** Calls `listener` when the call is over, before our leg is told. */
  whenOver(listener: () => void): void {
    this.#whenOver.push(listener);
  }

  /** The ids that every event of this call carries. */
  ids(): { readonly callConnectionId: string; readonly serverCallId: string; readonly correlationId: string } {
    return {
      callConnectionId: this.callConnectionId,
      serverCallId: this.serverCallId,
      correlationId: this.correlationId,
    };
  }

  #connect(): void {
    if (this.#state !== 'connecting') return;
    this.#state = 'connected';
    this.#established = true;
    const { behaviour, callbacks } = this.#world;
    const { serverCallId, ...others } = this.ids();
    const ids = behaviour.serverCallIdInCallConnected ? { ...others, serverCallId } : others;
    const connected = this.#event('CallConnected', { ...ids, operationContext: this.placement.operationContext });
    if (behaviour.connectBurst === 'one-array') {
      callbacks.sendArray(this.placement.callbackUri, [connected, this.#participantsEvent()]);
    } else {
      this.#send(connected);
      this.#tellParticipants();
    }
  }

  #tellParticipants(): void {
    if (this.#state === 'connected') this.#send(this.#participantsEvent());
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

  #send(event: CallbackEvent): void {
    this.#world.callbacks.send(this.placement.callbackUri, event);
  }
}
