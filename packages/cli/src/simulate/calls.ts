import { randomUUID } from 'node:crypto';
import { UsageError } from '../usage-error.ts';
import { type OpenedVoice, openVoice, type Voice } from './audio.ts';
import { type AzureCall, type LegState, type ParticipantView, placeAzureCall } from './azure/azure-call.ts';
import type { AzureCallRequest, AzureParticipantRequest } from './azure/azure-call-request.ts';
import type { CallRequest, MeetingCallRequest, PressRequest, SmaCallRequest } from './call-request.ts';
import { HttpError } from './http-error.ts';
import type { Simulation } from './simulation.ts';

/** A call as the control server tells of it. */
export interface CallView {
  /** Of this server: names the call in its other requests. */
  readonly id: string;
  readonly provider: CallRequest['provider'];
  /** The provider's own ids, as its API takes them. */
  readonly ids: Readonly<Record<string, string>>;
  readonly over: boolean;
  /** Of a phone call: who rings, is connected or gone. */
  readonly legs?: readonly { readonly tag: string; readonly status: string; readonly recorded: boolean }[] | undefined;
  /** Of a call of Azure: the connection of the application. */
  readonly leg?: LegState | undefined;
  /** Of a call of Azure, in the order in which they came. */
  readonly participants?: readonly ParticipantView[] | undefined;
}

interface PlacedCall {
  readonly view: () => CallView;
  readonly azure?: AzureCall;
  readonly hangUp: () => void;
  readonly press?: (request: PressRequest) => Promise<void>;
}

/** The calls that were placed through the control server. */
export class Calls {
  readonly #simulation: Simulation;
  readonly #audioFolder: string;
  readonly #signal: AbortSignal;
  readonly #placed = new Map<string, PlacedCall>();

  /** @param signal aborted when the server ends: nobody hangs up after that. */
  constructor(simulation: Simulation, audioFolder: string, signal: AbortSignal) {
    this.#simulation = simulation;
    this.#audioFolder = audioFolder;
    this.#signal = signal;
  }

  list(): readonly CallView[] {
    return [...this.#placed.values()].map(({ view }) => view());
  }

  /** @throws HttpError 404 */
  get(id: string): CallView {
    return this.#find(id).view();
  }

  /** @throws HttpError 400 for audio that cannot be had, 404 for a meeting that is not there, 409 without a Lambda. */
  async place(request: CallRequest): Promise<CallView> {
    switch (request.provider) {
      case 'chime-sma':
        return this.#placeSma(request);
      case 'chime-meeting':
        return this.#placeMeeting(request);
      case 'azure':
        return this.#placeAzure(request);
    }
  }

  /** An inbound call with this voice, until it has said everything. @throws as {@link place} */
  placeSpoken(spoken: OpenedVoice, from: string, to: string): CallView {
    return this.#inbound({ from, to, spoken, hangUpAfterMs: spoken.durationMs });
  }

  /** Everybody hangs up. @throws HttpError 404 */
  hangUp(id: string): CallView {
    const call = this.#find(id);
    call.hangUp();
    return call.view();
  }

  /** @throws HttpError 404, 409 for a call without a keypad or a leg that is not connected. */
  async press(id: string, request: PressRequest): Promise<CallView> {
    const call = this.#find(id);
    if (!call.press) throw new HttpError(409, 'Only callers of a SIP media application have keys to press.');
    await call.press(request).catch((error: unknown) => {
      throw new HttpError(409, error instanceof Error ? error.message : String(error));
    });
    return call.view();
  }

  /** Somebody joins a call of Azure. @throws HttpError 400, 404, 409 */
  async join(id: string, participant: AzureParticipantRequest): Promise<CallView> {
    const call = this.#ofAzure(id);
    const { source } = await this.soundOf(participant.voice);
    call.join(participant, source);
    return this.get(id);
  }

  /** Somebody leaves a call of Azure, which goes on. @throws HttpError 404, 409 */
  leave(id: string, name: string): CallView {
    this.#ofAzure(id).leave(name);
    return this.get(id);
  }

  /** The application's connection to a call of Azure ends, and the call goes on. @throws HttpError 404, 409 */
  disconnect(id: string): CallView {
    this.#ofAzure(id).hangUp();
    return this.get(id);
  }

  async #placeSma(request: SmaCallRequest): Promise<CallView> {
    const { from, to, hangUpAfterMs, phones = [] } = request;
    const spoken = await this.soundOf(request.voice);
    for (const { number, voice, ...behaviour } of phones) {
      const { source } = await this.soundOf(voice);
      this.#simulation.chime.phone(number, { name: number, source, ...behaviour });
    }
    return this.#inbound({ from, to, spoken, hangUpAfterMs: hangUpAfterMs ?? spoken.durationMs });
  }

  #inbound(inbound: {
    readonly from: string;
    readonly to: string;
    readonly spoken: OpenedVoice;
    readonly hangUpAfterMs: number | undefined;
  }): CallView {
    const { application } = this.#simulation;
    if (!application) {
      throw new HttpError(409, 'A SIP media application needs a Lambda function: start with --lambda <url or module>.');
    }
    const { from, to, spoken, hangUpAfterMs } = inbound;
    const call = application.placeInboundCall({ from, to, source: spoken.source });
    let over = false;
    void call.ended.then(() => {
      over = true;
    });
    return this.#keep('chime-sma', hangUpAfterMs, {
      ids: () => ({ transactionId: call.transactionId, callId: call.legs[0]?.callId ?? '' }),
      over: () => over,
      more: () => ({ legs: call.legs.map(({ tag, status, recorded }) => ({ tag, status, recorded })) }),
      hangUp: () => {
        call.hangUp('LEG-B');
        call.hangUp('LEG-A');
      },
      press: ({ keys, leg }) => call.press(keys, { leg }),
    });
  }

  async #placeMeeting({ meetingId, attendees, hangUpAfterMs }: MeetingCallRequest): Promise<CallView> {
    const { chime } = this.#simulation;
    const voices = await Promise.all(attendees.map(({ voice }) => this.soundOf(voice)));
    const meeting = meetingId === undefined ? chime.createMeeting() : chime.meeting(meetingId);
    if (!meeting) throw new HttpError(404, `There is no meeting ${meetingId}, or it is over.`);
    const joined = attendees.map(({ attendeeId, externalUserId }, index) => {
      try {
        return meeting.join({ attendeeId, externalUserId, source: voices[index]?.source });
      } catch (error) {
        throw new HttpError(404, error instanceof Error ? error.message : String(error));
      }
    });
    const named = joined.map(({ attendeeId }, index) => [`attendeeId${index + 1}`, attendeeId] as const);
    return this.#keep('chime-meeting', hangUpAfterMs ?? longest(voices), {
      ids: () => ({ meetingId: meeting.meetingId, meetingArn: meeting.arn, ...Object.fromEntries(named) }),
      over: () => meeting.ended.aborted,
      hangUp: () => meeting.end(),
    });
  }

  async #placeAzure(request: AzureCallRequest): Promise<CallView> {
    const voices = await Promise.all(request.participants.map(({ voice }) => this.soundOf(voice)));
    const sources = voices.map(({ source }) => source);
    const call = placeAzureCall(this.#simulation, request, sources);
    const { ids, over, leg, participants } = call;
    return this.#keep('azure', request.hangUpAfterMs ?? longest(voices), {
      ids,
      over,
      azure: call,
      more: () => ({ leg: leg(), participants: participants() }),
      hangUp: () => call.end(),
    });
  }

  #keep(
    provider: CallRequest['provider'],
    hangUpAfterMs: number | undefined,
    call: {
      readonly ids: () => CallView['ids'];
      readonly over: () => boolean;
      readonly azure?: AzureCall;
      readonly more?: () => Pick<CallView, 'legs' | 'leg' | 'participants'>;
      readonly hangUp: () => void;
      readonly press?: (request: PressRequest) => Promise<void>;
    },
  ): CallView {
    const id = randomUUID();
    const { ids, over, more, hangUp, press, azure } = call;
    const view = () => ({ id, provider, ids: ids(), over: over(), ...more?.() });
    this.#placed.set(id, { view, hangUp, ...(press ? { press } : {}), ...(azure ? { azure } : {}) });
    if (hangUpAfterMs !== undefined) {
      this.#simulation.clock.delay(hangUpAfterMs, { signal: this.#signal }).then(hangUp, () => {});
    }
    return view();
  }

  /** How somebody sounds. @throws HttpError 400 for audio that cannot be had. */
  async soundOf(voice: Voice): Promise<OpenedVoice> {
    try {
      return await openVoice(voice, this.#audioFolder);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new HttpError(400, error instanceof UsageError ? reason : `The audio cannot be used: ${reason}`);
    }
  }

  #ofAzure(id: string): AzureCall {
    const { azure } = this.#find(id);
    if (azure) return azure;
    throw new HttpError(409, 'Only calls of Azure have participants who join and leave here.');
  }

  #find(id: string): PlacedCall {
    const call = this.#placed.get(id);
    if (!call) throw new HttpError(404, `There is no call ${id} of this server.`);
    return call;
  }
}

/** Undefined when one of them has no end. */
function longest(voices: readonly OpenedVoice[]): number | undefined {
  const lengths = voices.map(({ durationMs }) => durationMs);
  return lengths.every((length) => length !== undefined) ? Math.max(...lengths) : undefined;
}
