import { randomUUID } from 'node:crypto';
import type { Clock } from '@onrecord/core';
import { type AudioSource, VirtualCall } from '../../call/virtual-call.ts';
import type { FaultScript } from '../../http/index.ts';
import type { SimulatedMeeting } from '../meetings/simulated-meeting.ts';
import type { ActionFaults } from './action-faults.ts';
import { CallEngine } from './call-engine.ts';
import { type JournalledInvocation, Lambda, type LambdaTarget } from './lambda.ts';
import type { PhoneBook } from './phone-book.ts';
import type { RecordingsOptions } from './recordings.ts';
import { type FailoverOptions, Route, type Target } from './route.ts';
import { SmaCall } from './sma-call.ts';
import type { SmaEvent } from './sma-event.ts';
import type { ResolvedSmaOptions } from './sma-options.ts';
import { SpeechService } from './speech-service.ts';
import { wireEvent } from './wire-event.ts';

/** What the SIP media applications of one simulated account share. */
export interface SmaEnvironment {
  readonly clock: Clock;
  readonly accountId: string;
  readonly region: string;
  readonly phones: PhoneBook;
  readonly options: ResolvedSmaOptions;
  readonly recordings: RecordingsOptions;
  /** A meeting that is not over. */
  readonly findMeeting: (meetingId: string) => SimulatedMeeting | undefined;
  readonly lambdaFaults: FaultScript;
  readonly actionFaults: ActionFaults;
  readonly invocations: JournalledInvocation[];
  readonly closing: AbortSignal;
}

export interface InboundCall {
  /** Who calls. E.164. */
  readonly from: string;
  /** The number of the application. E.164. */
  readonly to: string;
  /** The conversation; omitted, a new one. The caller is, or becomes, one of its participants. */
  readonly call?: VirtualCall | undefined;
  /** The caller's name in the conversation. @default 'caller' */
  readonly name?: string | undefined;
  /** What the caller says; ignored when they are in the conversation already. @default silence */
  readonly source?: AudioSource | undefined;
}

/** What a SIP rule says of a call. */
export interface Routing {
  readonly sipRuleId: string;
  /** Whom the call goes to when this application's Lambda function fails, best first. */
  readonly others: readonly SipMediaApplication[];
  readonly failover: FailoverOptions;
}

/** A SIP media application: a Lambda function that phone calls are handed to. */
export class SipMediaApplication {
  readonly id: string;
  readonly #environment: SmaEnvironment;
  readonly #target: Target;
  readonly #speech: SpeechService;
  readonly #sipRuleId = randomUUID();
  readonly #calls = new Map<string, { readonly engine: CallEngine; readonly handle: SmaCall }>();
  readonly #conversations = new Map<string, VirtualCall>();

  constructor(id: string, target: LambdaTarget, environment: SmaEnvironment) {
    const { clock, lambdaFaults, options, invocations, closing } = environment;
    this.id = id;
    this.#environment = environment;
    const limits = { timeoutMs: options.lambdaTimeoutMs, retries: options.lambdaRetries };
    this.#speech = new SpeechService(clock, options);
    const print = (event: SmaEvent) => wireEvent(event, options);
    this.#target = {
      applicationId: id,
      accountId: environment.accountId,
      region: environment.region,
      lambda: new Lambda(target, clock, lambdaFaults, limits, invocations, closing, print),
      adopt: (engine) => this.#keep(engine),
    };
  }

  get region(): string {
    return this.#environment.region;
  }

  /** Every call so far, ended ones included. */
  get calls(): readonly SmaCall[] {
    return [...this.#calls.values()].map(({ handle }) => handle);
  }

  /** Somebody dials the application. The caller is in the conversation from the answer on, unless they are already. */
  placeInboundCall(inbound: InboundCall, routing?: Routing): SmaCall {
    const call = inbound.call ?? new VirtualCall(this.#environment.clock);
    const { handle, engine } = this.#open(call, routing?.sipRuleId ?? this.#sipRuleId, routing);
    const { from, to, name = 'caller', source } = inbound;
    const leg = engine.newLeg({ tag: 'LEG-A', to, from, direction: 'Inbound', voice: name, source });
    engine.receive(leg);
    return handle;
  }

  /** Places a call as CreateSipMediaApplicationCall does. */
  placeOutboundCall(from: string, to: string, parameters?: Readonly<Record<string, string>>): SmaCall {
    const call = this.#conversations.get(to) ?? new VirtualCall(this.#environment.clock);
    const { handle, engine } = this.#open(call, undefined);
    const { name: voice, source } = this.#environment.phones.find(to);
    const leg = engine.newLeg({ tag: 'LEG-A', to, from, direction: 'Outbound', voice, source });
    void engine.place(leg, parameters);
    return handle;
  }

  /** The conversation that a call placed to this number becomes part of. */
  expectOutboundCall(to: string, call: VirtualCall): void {
    this.#conversations.set(to, call);
  }

  /** Sends CALL_UPDATE_REQUESTED. False when there is no such call, or it is over. */
  updateCall(transactionId: string, parameters: Readonly<Record<string, string>>): boolean {
    const engine = this.#calls.get(transactionId)?.engine;
    if (!engine || engine.liveLegs.length === 0) return false;
    engine.emit({
      type: 'CALL_UPDATE_REQUESTED',
      actionData: { Type: 'CallUpdateRequest', Parameters: { Arguments: parameters } },
    });
    return true;
  }

  #open(
    call: VirtualCall,
    sipRuleId: string | undefined,
    routing?: Routing,
  ): { readonly engine: CallEngine; readonly handle: SmaCall } {
    const { phones, options, recordings, findMeeting, actionFaults } = this.#environment;
    const targets = [this.#target, ...(routing?.others ?? []).map((other) => other.#target)];
    const route = new Route(targets, routing?.failover);
    const speech = this.#speech;
    const engine = new CallEngine({
      call,
      route,
      phones,
      speech,
      options,
      recordings,
      findMeeting,
      actionFaults,
      sipRuleId,
    });
    return { engine, handle: this.#keep(engine) };
  }

  #keep(engine: CallEngine): SmaCall {
    const handle = new SmaCall(engine);
    this.#calls.set(engine.transactionId, { engine, handle });
    return handle;
  }
}
