import type { Consent } from '../call/announcement.ts';
import type { CallRef } from '../call/call-ref.ts';
import type { PauseEffect } from '../capabilities/capabilities.ts';
import type { Emulation } from '../capabilities/offer.ts';
import { timestamp } from '../clock.ts';
import type { Command } from '../commands/command.ts';
import { OnRecordError } from '../errors/index.ts';
import type { Output } from '../format/output.ts';
import type { JsonObject } from '../json.ts';
import { type ArchivePolicy, type SessionRecord, sessionSchema } from '../session/record.ts';
import { digestOf, newId } from './ids.ts';
import { refold } from './refold.ts';

export interface NewSession {
  readonly id: string;
  readonly provider: string;
  readonly deployment: string;
  readonly tenant?: string | undefined;
  readonly call: CallRef;
  readonly output: Output;
  readonly idempotencyKey: string;
  readonly startPaused?: boolean | undefined;
  readonly maxDurationMs?: number | undefined;
  readonly labels?: { readonly [name: string]: string } | undefined;
  readonly consent?: Consent | undefined;
  readonly providerOptions?: JsonObject | undefined;
  /** Default: unknown, read as `omitted`. */
  readonly pauseEffect?: PauseEffect | undefined;
  readonly emulate?: readonly Emulation[] | undefined;
  readonly archive?: ArchivePolicy | undefined;
  /** Id of the start command; default a random UUID. Derived ids make a repeated turn write the same record. */
  readonly commandId?: string | undefined;
  /** Nobody asked for it: the provider began by itself. */
  readonly adopted?: true | undefined;
  /** Idempotency token for the provider; default a random UUID. */
  readonly token?: string | undefined;
}

const maxLabels = 16;

/**
 * A new session with its first part, its recorded `start` and its expectation: what must be durable before a request
 * leaves.
 */
export function createSession(session: NewSession, nowMs: number): SessionRecord {
  if (Object.keys(session.labels ?? {}).length > maxLabels) {
    throw new OnRecordError('invalid-request', `A session takes at most ${maxLabels} labels.`);
  }
  const now = timestamp(nowMs);
  const command: Command = {
    id: session.commandId ?? newId(),
    ordinal: 1,
    kind: 'start',
    sends: 'start',
    partId: 'p1',
    recordedAt: now,
    ...(session.adopted ? { adopted: session.adopted } : {}),
    token: session.token ?? newId(),
  };
  const bare: SessionRecord = {
    schema: sessionSchema,
    id: session.id,
    revision: 0,
    provider: session.provider,
    deployment: session.deployment,
    ...(session.tenant === undefined ? {} : { tenant: session.tenant }),
    ...(session.call.region === undefined ? {} : { region: session.call.region }),
    labels: session.labels ?? {},
    ...(session.consent === undefined ? {} : { consent: session.consent }),
    idempotencyKey: session.idempotencyKey,
    requestDigest: requestDigest(session),
    call: session.call,
    output: session.output,
    startPaused: session.startPaused ?? false,
    ...(session.maxDurationMs === undefined ? {} : { maxDurationMs: session.maxDurationMs }),
    ...(session.providerOptions === undefined ? {} : { providerOptions: session.providerOptions }),
    ...(session.pauseEffect === undefined ? {} : { pauseEffect: session.pauseEffect }),
    emulate: session.emulate ?? [],
    archive: session.archive ?? { mode: 'none' },
    createdAt: now,
    parts: [{ id: 'p1', ordinal: 1, kind: 'leg', call: session.call, keys: [], createdAt: now }],
    commands: [command],
    reports: [],
    expectations: [{ partId: 'p1', call: session.call, state: 'expected' }],
    transfers: [],
    snapshot: {
      state: 'requested',
      history: [],
      parts: [],
      commands: [],
      pauses: [],
      artifacts: [],
      verdict: 'pending',
      emulated: [],
      anomalies: [],
    },
    outbox: [],
    sequence: 0,
  };
  return refold(bare, undefined, nowMs);
}

/** What makes two start requests the same: everything that decides what is recorded. */
export function requestDigest(
  session: Omit<NewSession, 'id' | 'idempotencyKey' | 'commandId' | 'adopted' | 'token'>,
): string {
  return digestOf([
    session.provider,
    session.call.kind,
    session.call.key,
    session.output,
    session.startPaused ?? false,
    session.pauseEffect ?? null,
    session.maxDurationMs ?? null,
    session.providerOptions ?? null,
  ]);
}

/** The store key that makes a start idempotent, per tenant. */
export function idempotencyIndex(record: Pick<SessionRecord, 'tenant' | 'idempotencyKey'>): string {
  return `start/${record.tenant ?? ''}/${record.idempotencyKey}`;
}
