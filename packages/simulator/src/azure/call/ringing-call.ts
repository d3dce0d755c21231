import { randomBytes } from 'node:crypto';
import type { Conversation, Hosting } from './conversation.ts';
import { identifierOf, type WireIdentifier } from './identifier.ts';
import type { SimulatedAzureCall } from './simulated-azure-call.ts';

/** A call that somebody makes to the application. */
export interface Ringing extends Hosting {
  /** Address of the caller, as in a virtual call: `+1555…`, a raw id, or the name of a user of the resource. */
  readonly from: string;
  /** Address that was called. */
  readonly to: string;
  readonly callerDisplayName?: string | undefined;
  /** As the event carries it: `{ sipHeaders, voipHeaders }`. */
  readonly customContext?: Readonly<Record<string, unknown>> | undefined;
  /** For whom a call was redirected. */
  readonly onBehalfOfCallee?: string | undefined;
}

/** A call that rings until the application answers it or the caller gives up. */
export class RingingCall {
  readonly conversation: Conversation;
  /** What answers the call: a secret of the `IncomingCall` event. */
  readonly incomingCallContext: string = randomBytes(96).toString('base64url');
  readonly #ringing: Ringing;
  #answered: SimulatedAzureCall | undefined;
  #over = false;

  constructor(conversation: Conversation, ringing: Ringing) {
    this.conversation = conversation;
    this.#ringing = ringing;
  }

  get serverCallId(): string {
    return this.conversation.serverCallId;
  }

  get correlationId(): string {
    return this.conversation.correlationId;
  }

  /** Our connection, once the application answered. */
  get answered(): SimulatedAzureCall | undefined {
    return this.#answered;
  }

  /** Whether it can no longer be answered. */
  get over(): boolean {
    return this.#over;
  }

  /** The caller gives up, if nobody answered. */
  giveUp(): void {
    if (this.#over) return;
    this.#over = true;
    this.conversation.end();
  }

  answer(leg: SimulatedAzureCall): void {
    this.#over = true;
    this.#answered = leg;
  }

  get from(): WireIdentifier {
    return identifierOf(this.conversation.rawIdOf(this.#ringing.from));
  }

  /** A resource account of Teams Phone comes as an identifier of unknown kind (its quickstart). */
  get to(): WireIdentifier {
    const rawId = this.conversation.rawIdOf(this.#ringing.to);
    const account = this.conversation.profile === 'teams-phone' && rawId.startsWith('28:');
    return account ? { rawId, kind: 'unknown' } : identifierOf(rawId);
  }

  /** Subject of the `IncomingCall` event. */
  get subject(): string {
    return `/caller/${this.from.rawId}/recipient/${this.to.rawId}`;
  }

  /** Data of the `IncomingCall` event. */
  get data(): Readonly<Record<string, unknown>> {
    const { callerDisplayName, customContext, onBehalfOfCallee } = this.#ringing;
    return {
      to: this.to,
      from: this.from,
      serverCallId: this.serverCallId,
      callerDisplayName,
      customContext: customContext ?? { sipHeaders: {}, voipHeaders: {} },
      ...(onBehalfOfCallee !== undefined && {
        onBehalfOfCallee: identifierOf(this.conversation.rawIdOf(onBehalfOfCallee)),
      }),
      incomingCallContext: this.incomingCallContext,
      correlationId: this.correlationId,
    };
  }
}
