import { randomUUID } from 'node:crypto';
import type { AudioSource, VirtualCall } from '../../call/virtual-call.ts';
import type { Overlay } from '../media/captured-audio.ts';
import { sampleAt } from '../media/span.ts';
import type { AzureWorld } from '../world.ts';
import type { CallProfile } from './call-profile.ts';
import { identifierOf, rawIdOf, type WireIdentifier } from './identifier.ts';
import { newServerCallId } from './ids.ts';
import type { PromptLoader } from './prompt-source.ts';
import type { RecordedCall } from './recorded-call.ts';
import { ANNOUNCEMENTS, announcementListeners, type RecordingAnnouncement } from './teams-phone.ts';

/** How a conversation is found, whoever is on it. */
export interface Hosting {
  readonly call: VirtualCall;
  /** Makes the call findable by `groupCallLocator`. */
  readonly groupCallId?: string | undefined;
  /** Makes the call findable by `roomCallLocator`; see `AzureBehaviour.roomStart`. */
  readonly roomId?: string | undefined;
  /** What carries the call; see the behaviours that begin with `teamsPhone`. @default 'acs-standalone' */
  readonly profile?: CallProfile | undefined;
}

/** One of our application's connections to a conversation. */
export interface ConversationLeg {
  /** What everyone was played by it. */
  readonly played: readonly Overlay[];
  /** Hears that somebody came or went. */
  tellParticipants(): void;
  whenLeft(listener: () => void): void;
  hangUp(): void;
}

/**
 * A {@link VirtualCall} that the service knows, with or without our application on it: what client SDKs begin, what rings,
 * what Call Automation answered, created or connected to. Each connection of ours is a leg of it.
 */
export class Conversation implements RecordedCall {
  readonly call: VirtualCall;
  readonly profile: CallProfile;
  readonly serverCallId: string;
  readonly correlationId: string = randomUUID();
  readonly groupCallId: string | undefined;
  readonly roomId: string | undefined;
  readonly #world: AzureWorld;
  readonly #loader: PromptLoader;
  readonly #legs: ConversationLeg[] = [];
  readonly #announcements: (RecordingAnnouncement & Overlay & { samples: Int16Array })[] = [];
  readonly #whenOver: (() => void)[] = [];
  #established: boolean;
  #ended = false;

  constructor(world: AzureWorld, loader: PromptLoader, hosting: Hosting, established: boolean) {
    this.#world = world;
    this.#loader = loader;
    this.#established = established;
    this.call = hosting.call;
    this.profile = hosting.profile ?? 'acs-standalone';
    this.serverCallId = newServerCallId(this.profile);
    this.groupCallId = hosting.groupCallId;
    this.roomId = hosting.roomId;
  }

  /** Whether the call has been established, so that it can be recorded; see also {@link over}. */
  get established(): boolean {
    return this.#established;
  }

  get over(): boolean {
    return this.call.endedAt !== undefined;
  }

  /** Who is in the call now, once each. */
  get present(): readonly WireIdentifier[] {
    const present = this.call.participants.filter((participant) => participant.leftAt === undefined);
    return [...new Set(present.map((participant) => this.rawIdOf(participant.address)))].map(identifierOf);
  }

  /** What everyone was played, and what Teams Phone said by itself where that reaches recordings. */
  get overlays(): readonly Overlay[] {
    const heard = this.#world.behaviour.teamsPhoneAnnouncements === 'recorded' ? this.#announcements : [];
    return [...this.#legs.flatMap((leg) => leg.played), ...heard];
  }

  /** What Teams Phone said of recordings so far; nothing in other calls. */
  get announcements(): readonly RecordingAnnouncement[] {
    return this.#announcements.map(({ about, at, listeners }) => ({ about, at, listeners }));
  }

  ids(): { readonly serverCallId: string; readonly correlationId: string } {
    return { serverCallId: this.serverCallId, correlationId: this.correlationId };
  }

  rawIdOf(address: string): string {
    return rawIdOf(address, this.#world.resourceId);
  }

  add(leg: ConversationLeg): void {
    this.#legs.push(leg);
  }

  /** From now on the call can be recorded. */
  establish(): void {
    this.#established = true;
  }

  /** Somebody joins; `ParticipantsUpdated` tells every leg. */
  join(participant: { readonly name: string; readonly address?: string; readonly source?: AudioSource }): void {
    this.call.join(participant);
    for (const leg of this.#legs) leg.tellParticipants();
  }

  /** Somebody leaves; the call goes on. */
  leave(name: string): void {
    this.call.leave(name);
    for (const leg of this.#legs) leg.tellParticipants();
  }

  /** Everybody is gone: recordings end, then our legs. Calling it again does nothing. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.call.end();
    for (const listener of this.#whenOver) listener();
    for (const leg of this.#legs) leg.hangUp();
  }

  /** Calls `listener` when the call is over, before our legs are told. */
  whenOver(listener: () => void): void {
    this.#whenOver.push(listener);
  }

  /** Calls `listener` when one of the legs that are on the call now leaves. */
  whenLeft(listener: () => void): void {
    for (const leg of this.#legs) leg.whenLeft(listener);
  }

  /** Lets Teams Phone say what happened to a recording, where it does that. */
  announceRecording(about: RecordingAnnouncement['about']): void {
    const { behaviour, clock } = this.#world;
    if (this.profile !== 'teams-phone' || behaviour.teamsPhoneAnnouncements === 'none') return;
    const listeners = announcementListeners(this.present);
    if (listeners.length === 0) return;
    const at = clock.now();
    const samples: Int16Array = new Int16Array();
    const announcement = { about, at, listeners, begin: sampleAt(this.call, at), samples };
    this.#announcements.push(announcement);
    void this.#loader.load({ kind: 'text', text: ANNOUNCEMENTS[about] }).then((sound) => {
      if (sound instanceof Int16Array) announcement.samples = sound;
    });
  }
}
