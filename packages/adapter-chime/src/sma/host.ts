import {
  type ArchivePolicy,
  type CallNotice,
  type Clock,
  type Logger,
  OnRecordError,
  type Output,
  type Requirement,
  systemClock,
} from '@onrecord/core';
import type { AnnounceOptions } from './announce-action.ts';
import { defaultProvider } from './call-ref.ts';
import type { SmaAction } from './event/sma-event.ts';
import type { Ivr } from './flow/ivr.ts';
import { JoinTokens } from './journal/join-tokens.ts';
import { TurnJournal } from './journal/turn-journal.ts';
import { type LazyStore, lazyStore, type StoreOption } from './lazy-store.ts';
import type { RecordOp } from './record/op.ts';
import type { Engine } from './record/record-keeper.ts';
import type { SaveContext } from './record/save-ops.ts';
import type { Landing } from './record-actions.ts';
import { chooseOutput } from './requirement.ts';
import type { OnCutOff } from './turn/plan-answer.ts';

/** A `Flow` of any requirement. Its turn can do what it requires: that is checked when the handler is made. */
export interface HostedFlow {
  readonly requirement: Requirement;
  onCall?(notice: CallNotice, turn: never): void | Promise<void>;
}

export interface SmaHandlerOptions {
  /**
   * The store that every process of the deployment shares, or what loads it, e.g. from a module of its own:
   * `async () => (await import('./store.ts')).store`. `ready` loads it; no answer waits for it beyond `answerWithinMs`.
   */
  readonly store: StoreOption;
  /** The workflow. What it requires is checked here, once. */
  readonly flow: HostedFlow;
  /** Where recordings land. Its policy must admit `voiceconnector.chime.amazonaws.com`. */
  readonly landing: Landing;
  /** Name of the deployment; part of every derived session id. Default `default`. */
  readonly deployment?: string | undefined;
  /** Name of the provider instance in the configuration of the other processes. Default `chime-sma`. */
  readonly provider?: string | undefined;
  readonly tenant?: string | undefined;
  /** What the worker does with finished media. Default: nothing, the landing store keeps it. */
  readonly archive?: ArchivePolicy | undefined;
  /** The application's own call flow. */
  readonly ivr?: Ivr | undefined;
  readonly announce?: AnnounceOptions | undefined;
  /**
   * What answers an inbound leg when a recording starts on it and nothing else in the answer does: prompts, with or
   * without CallId. Without it such a start is refused, since StartCallRecording is not known to answer.
   */
  readonly answerWith?: readonly SmaAction[] | undefined;
  /** What becomes of the actions that a command of another process cuts off. Default `replay`. */
  readonly onCutOff?: OnCutOff | undefined;
  /** Milliseconds; the service repeats an invocation after 5 000. Default 3 500. */
  readonly answerWithinMs?: number | undefined;
  readonly clock?: Clock | undefined;
  /** Default: warnings and errors as JSON lines on the console. */
  readonly logger?: Logger | undefined;
}

/** The options with every default filled in, and what lives as long as the process. */
export interface SmaHost extends SaveContext {
  readonly engine: () => Promise<Engine>;
  readonly store: LazyStore;
  readonly flow: HostedFlow;
  readonly output: Output;
  readonly ivr: Ivr | undefined;
  readonly announce: AnnounceOptions;
  readonly answerWith: readonly SmaAction[] | undefined;
  readonly onCutOff: OnCutOff;
  readonly answerWithinMs: number;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly journal: TurnJournal;
  readonly tokens: JoinTokens;
  /** What the store has not taken of calls that are over, oldest first. */
  readonly leftovers: RecordOp[];
}

/** @throws OnRecordError `unsupported` or `invalid-request` for options that cannot work. */
export function hostOf(options: SmaHandlerOptions): SmaHost {
  const { flow, answerWithinMs = 3_500 } = options;
  const store = lazyStore(options.store);
  if (!(answerWithinMs > 0 && answerWithinMs < 5_000)) {
    throw new OnRecordError('invalid-request', `answerWithinMs is not between 0 and 5000: ${answerWithinMs}.`);
  }
  let engine: Promise<Engine> | undefined;
  return {
    engine: () => (engine ??= import('./record/engine.ts')),
    store,
    flow,
    landing: checkLanding(options.landing),
    deployment: options.deployment ?? 'default',
    provider: options.provider ?? defaultProvider,
    tenant: options.tenant,
    archive: options.archive ?? { mode: 'none' },
    output: chooseOutput(flow.requirement),
    ivr: options.ivr,
    announce: options.announce ?? {},
    answerWith: options.answerWith,
    onCutOff: options.onCutOff ?? 'replay',
    answerWithinMs,
    clock: options.clock ?? systemClock,
    logger: options.logger ?? consoleLogger,
    journal: new TurnJournal(store),
    tokens: new JoinTokens(),
    leftovers: [],
  };
}

/**
 * Longest prefix: with a session id, the time and both ids of the leg it is the key of a file, which has 1 024 bytes; a
 * message's prefix with the session id has 979.
 */
const maxPrefixBytes = 874;

/**
 * A bucket name, and a prefix without slashes at its ends, of characters that S3 calls safe, each of one byte.
 * @throws OnRecordError `invalid-request`.
 */
export function checkLanding(landing: Landing): Landing {
  const { bucket, prefix = '' } = landing;
  const problems = [
    /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket) ? '' : 'landing.bucket is not the name of a bucket.',
    /^$|^(?!\.{1,2}(?:\/|$))[\w.-]+(?:\/(?!\.{1,2}(?:\/|$))[\w.-]+)*$/.test(prefix)
      ? ''
      : 'landing.prefix is not segments of A-Z, a-z, 0-9, "_", "." and "-", joined by "/", without one at its ends.',
    new TextEncoder().encode(prefix).length > maxPrefixBytes
      ? `landing.prefix has more than ${maxPrefixBytes} bytes.`
      : '',
  ].filter(Boolean);
  if (problems.length === 0) return landing;
  throw new OnRecordError(
    'invalid-request',
    `No recording can land in ${bucket} under "${prefix}". ${problems.join(' ')}`,
  );
}

const line = (fields: object, message: string) => JSON.stringify({ ...fields, message });

const consoleLogger: Logger = {
  debug: () => {},
  info: () => {},
  warn: (fields, message) => console.warn(line(fields, message)),
  error: (fields, message) => console.error(line(fields, message)),
};
