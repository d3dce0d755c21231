import type { Consent, ErrorCode, Output } from '@onrecord/core';
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
}

/** A command left with an answer. One of the flow is recorded by the same change. */
export interface SendOp extends OpBase {
  readonly op: 'send';
  readonly kind: OwnCommand['kind'];
  readonly purpose?: 'secure' | undefined;
  readonly maxMs?: number | undefined;
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
  readonly what: OwnCommand['kind'] | 'failed' | 'ended' | 'refused-answer';
  /** With `start`: `<bucket>/<key>` of the file to come. */
  readonly location?: string | undefined;
  /** With `failed` and `refused-answer`. */
  readonly error?: ActionError | undefined;
}

/** One change of a session record that an invocation asks for. Repeating it changes nothing. */
export type RecordOp = CreateOp | SendOp | UnsendOp | RefuseOp | SeenOp;
