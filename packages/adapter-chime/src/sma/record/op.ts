import type { Consent, ErrorCode, JsonObject, Output } from '@onrecord/core';
import type { SmaLeg } from '../call-ref.ts';
import type { ActionError } from '../event/read-event.ts';
import type { OwnCommand } from '../turn/item.ts';

export interface OpBase {
  readonly session: string;
  readonly command: string;
  /** `Sequence` of the invocation it belongs to. */
  readonly sequence: number;
  /** Epoch ms. */
  readonly at: number;
}

/** The flow started a session. */
export interface CreateOp extends OpBase {
  readonly op: 'create';
  readonly call: SmaLeg;
  readonly output: Output;
  /** Which start of the leg it is, from 1. */
  readonly ordinal: number;
  readonly consent?: Consent | undefined;
  readonly labels?: { readonly [name: string]: string } | undefined;
  readonly maxDurationMs?: number | undefined;
  readonly providerOptions?: JsonObject | undefined;
}

/** A command left with an answer. One of the flow is recorded by the same change. */
export interface SendOp extends OpBase {
  readonly op: 'send';
  readonly kind: OwnCommand['kind'];
  readonly purpose?: 'secure' | undefined;
  readonly maxMs?: number | undefined;
  /** Milliseconds until it is given up, where that takes longer than other commands. */
  readonly confirmWithinMs?: number | undefined;
  /** Type of the running action that the new list has to wait for. */
  readonly blockedBy?: string | undefined;
}

/** The answer that held the command was refused by the service. */
export interface UnsendOp extends OpBase {
  readonly op: 'unsend';
}

/** The command will not be sent any more. */
export interface RefuseOp extends OpBase {
  readonly op: 'refuse';
  readonly code: ErrorCode;
  readonly message: string;
}

/** An event told what became of a command, or of the leg. `command` is empty where none is known. */
export interface SeenOp extends OpBase {
  readonly op: 'seen';
  readonly what: OwnCommand['kind'] | 'message' | 'interrupted' | 'failed' | 'ended' | 'moved' | 'refused-answer';
  /** `<bucket>/<key>`: with `start` of the file to come, with `message` of the file that is there. */
  readonly location?: string | undefined;
  /** With `moved`: where commands of other processes have to go from now on. */
  readonly home?: { readonly sipMediaApplicationId: string; readonly region?: string | undefined } | undefined;
  /** With `start` and `message`: epoch ms at which the leg began, as the event prints it. */
  readonly legSince?: string | undefined;
  /** With `message`: the key that ended it. */
  readonly terminator?: string | undefined;
  /** With `message`: the participant hung up. */
  readonly hungUp?: true | undefined;
  /** With `interrupted`: a stop of ours did it. */
  readonly asked?: true | undefined;
  /** With `failed` and `refused-answer`. */
  readonly error?: ActionError | undefined;
}

/** One change of a session record that an invocation asks for. Repeating it changes nothing. */
export type RecordOp = CreateOp | SendOp | UnsendOp | RefuseOp | SeenOp;
