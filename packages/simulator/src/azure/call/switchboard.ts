import { type AudioSource, VirtualCall } from '../../call/virtual-call.ts';
import type { Answer } from '../../http/index.ts';
import { identifierProblem } from '../schema/identifier-problem.ts';
import { isRecord } from '../schema/shape.ts';
import { invalid, jsonAnswer, notFound, terminated } from '../server/api-error.ts';
import type { AzureWorld } from '../world.ts';
import type { CallDirectory } from './call-directory.ts';
import { callProperties } from './call-properties.ts';
import { Conversation, type Hosting } from './conversation.ts';
import { identifierOf, requestedRawId } from './identifier.ts';
import type { LegOptions } from './leg-options.ts';
import type { CallPlacement, Connecting } from './placement.ts';
import type { PlayFailure, PromptLoader } from './prompt-source.ts';
import { type Ringing, RingingCall } from './ringing-call.ts';
import { SimulatedAzureCall } from './simulated-azure-call.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Why calls were seen not to come about. Source: Teams Phone extensibility troubleshooting. */
export const CALL_FAILURES: Readonly<Record<'noPermission' | 'noClient', PlayFailure>> = {
  /** The bot is not set up, or its Teams channel not enabled. */
  noPermission: { code: 403, subCode: 10_105, message: 'NoPermission. DiagCode: 403#10105.@' },
  /** No client is signed in as the user who was called or added. */
  noClient: { code: 408, subCode: 10_057, message: 'Underlying reason: Request Timeout. DiagCode: 408#10057.@' },
};

/** Begins calls: those that ring, those that go on without us, and those that the API answers, creates or connects to. */
export class Switchboard {
  readonly #world: AzureWorld;
  readonly #loader: PromptLoader;
  readonly #directory: CallDirectory;
  readonly #announce: (ringing: RingingCall) => void;
  readonly #ringing: RingingCall[] = [];
  readonly #failures: PlayFailure[] = [];
  readonly #voices = new Map<string, AudioSource>();

  constructor(
    world: AzureWorld,
    loader: PromptLoader,
    directory: CallDirectory,
    announce: (ringing: RingingCall) => void,
  ) {
    this.#world = world;
    this.#loader = loader;
    this.#directory = directory;
    this.#announce = announce;
  }

  /** The next leg ends with the failure event of its origin instead of connecting. */
  failNext(failure: PlayFailure): void {
    this.#failures.push(failure);
  }

  /** How somebody sounds who is called. */
  setVoice(address: string, source: AudioSource): void {
    this.#voices.set(address, source);
  }

  /** A call that goes on without us. */
  host(hosting: Hosting): Conversation {
    const conversation = new Conversation(this.#world, this.#loader, hosting, true);
    this.#directory.host(conversation);
    return conversation;
  }

  /** A call that rings at the application, by Event Grid. */
  ring(ringing: Ringing): RingingCall {
    const conversation = new Conversation(this.#world, this.#loader, ringing, false);
    this.#directory.host(conversation);
    const call = new RingingCall(conversation, ringing);
    this.#ringing.push(call);
    this.#announce(call);
    return call;
  }

  /** A call that the application has just answered, without the API. */
  place(placement: CallPlacement): SimulatedAzureCall {
    const conversation = new Conversation(this.#world, this.#loader, placement, false);
    return this.#connect(conversation, { connecting: placement, origin: 'answer' });
  }

  answer(body: Fields): Answer {
    const { incomingCallContext, answeredBy } = body;
    const ringing = this.#ringing.find((call) => call.incomingCallContext === incomingCallContext);
    if (!ringing) {
      if (this.#world.behaviour.unknownIncomingCall === '8522') throw notFound('Call');
      throw invalid('The incomingCallContext is not valid.');
    }
    if (ringing.over) throw notFound('Call');
    const leg = this.#begin(ringing.conversation, { connecting: connectingOf(body), origin: 'answer' });
    ringing.answer(leg);
    return jsonAnswer(200, callProperties(leg, { source: ringing.from, answeredBy }));
  }

  create(body: Fields): Answer {
    const { targets, sourceCallerIdNumber, sourceDisplayName, teamsAppSource, source } = body;
    const named = (Array.isArray(targets) ? targets : []).map((target, index) =>
      requested(target, `targets[${index}]`),
    );
    if (named.length === 0) throw invalid('targets must not be empty.');
    const teams = isRecord(teamsAppSource);
    if (teams && (sourceCallerIdNumber || sourceDisplayName)) {
      throw invalid('Invalid request, SourceCallerIdNumber and SourceDisplayName are not supported.');
    }
    if (!teams && !sourceCallerIdNumber && named.some((rawId) => rawId.startsWith('4:'))) {
      throw invalid('sourceCallerIdNumber is required to call a phone number.');
    }
    const call = new VirtualCall(this.#world.clock);
    const profile = teams ? 'teams-phone' : 'acs-standalone';
    const conversation = new Conversation(this.#world, this.#loader, { call, profile }, false);
    const whenConnected = (): void => {
      for (const rawId of named) this.#pickUp(call, rawId);
    };
    const wanted = named.map(identifierOf);
    const leg = this.#begin(conversation, {
      connecting: connectingOf(body),
      origin: 'create',
      targets: wanted,
      whenConnected,
    });
    const shown = { source, sourceCallerIdNumber, sourceDisplayName };
    return jsonAnswer(201, callProperties(leg, shown));
  }

  connect(body: Fields): Answer {
    const { callLocator } = body;
    const conversation = this.#directory.located(isRecord(callLocator) ? callLocator : {});
    if (conversation.over) throw terminated();
    const leg = this.#begin(conversation, { connecting: connectingOf(body), origin: 'connect' });
    return jsonAnswer(200, callProperties(leg));
  }

  #begin(conversation: Conversation, options: LegOptions): SimulatedAzureCall {
    return this.#connect(conversation, { ...options, failure: this.#failures.shift() });
  }

  #connect(conversation: Conversation, options: LegOptions): SimulatedAzureCall {
    const leg = new SimulatedAzureCall(this.#world, this.#loader, conversation, options);
    this.#directory.add(leg);
    return leg;
  }

  #pickUp(call: VirtualCall, rawId: string): void {
    const address = rawId.startsWith('4:') ? rawId.slice('4:'.length) : rawId;
    const source = this.#voices.get(address);
    call.join({ name: address, address, ...(source && { source }) });
  }
}

function requested(target: unknown, path: string): string {
  const problem = identifierProblem(target, path);
  const rawId = requestedRawId(target);
  if (problem !== undefined || rawId === undefined) throw invalid(problem ?? `${path} names nobody.`);
  return rawId;
}

/** What a request for a call says about its events; its fields were checked. */
function connectingOf({ callbackUri, operationContext, callIntelligenceOptions }: Fields): Connecting {
  const speech = isRecord(callIntelligenceOptions) ? callIntelligenceOptions['cognitiveServicesEndpoint'] : undefined;
  return {
    callbackUri: String(callbackUri),
    operationContext: typeof operationContext === 'string' ? operationContext : undefined,
    cognitiveServicesEndpoint: typeof speech === 'string' ? speech : undefined,
  };
}
