import type { Capabilities, PauseEffect } from '../capabilities/capabilities.ts';
import type { Emulation } from '../capabilities/offer.ts';
import type { Clock } from '../clock.ts';
import type { Deadlines } from '../commands/deadlines.ts';
import type { DriverLacks } from '../driver/driver.ts';
import { within } from '../engine/within.ts';
import { OnRecordError } from '../errors/index.ts';
import type { Output } from '../format/output.ts';
import type { JsonObject } from '../json.ts';
import type { Logger } from '../log.ts';
import type { ArchivePolicy, SessionRecord } from '../session/record.ts';
import type { SessionStore } from '../session-store/session-store.ts';
import type { ExecutionContext } from './execute-command.ts';
import type { RecorderInstance } from './recorder.ts';

/** What the parts of one recorder share; options with every default filled in. */
export interface RecorderContext {
  readonly store: SessionStore;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly deployment: string;
  /** The instance that starts go to. */
  readonly instance: string;
  /** All instances whose sessions can be commanded, the starting one included. */
  readonly instances: Readonly<Record<string, RecorderInstance>>;
  /** The driver's, and the emulations that are on. */
  readonly capabilities: Capabilities;
  readonly emulate: readonly Emulation[];
  readonly archive: ArchivePolicy;
  readonly deadlines: Deadlines;
  /** Taken when a start names none. */
  readonly output: Output;
  /** What pauses do when a start does not say. */
  readonly pauseEffect?: PauseEffect | undefined;
  /** The driver's sentences about what it lacks. */
  readonly lacks?: DriverLacks | undefined;
  /** The driver's own look at the options of a start. */
  readonly checkOptions?: ((options: JsonObject) => void) | undefined;
  /** Aborted when the recorder closes: nothing new is sent from then on. */
  readonly closing: AbortSignal;
  /**
   * Begins to hear what an instance tells on its socket, if that is the business of this process, and resolves once it
   * does, or cannot now. @throws the signal's reason.
   */
  listening(instance: string, signal?: AbortSignal | undefined): Promise<void>;
  /** A session changed or is being looked at: the worker has to know. */
  touch(sessionId: string): void;
  /** Work that outlives the call that began it; closing waits for it. */
  background(work: Promise<unknown>): void;
}

/**
 * Waits until the events of the starting instance are heard, where this very process is about to hear them: what follows
 * from the next request would be missed, and some providers refuse it. Past the deadline it is sent all the same.
 * @throws the signal's reason, or that of the closing recorder.
 */
export async function heardFirst(context: RecorderContext, signal: AbortSignal | undefined): Promise<void> {
  const { clock, closing, deadlines, instance, instances } = context;
  if (!instances[instance]?.driver.doListen) return;
  const given = signal ? AbortSignal.any([signal, closing]) : closing;
  try {
    await within(clock, deadlines.start, given, (cut) => context.listening(instance, cut));
  } catch (error) {
    if (given.aborted) throw error;
  }
}

/**
 * What it takes to send commands of this session.
 * @throws OnRecordError `invalid-state` when its provider instance is not configured here.
 */
export function executionFor(context: RecorderContext, record: SessionRecord): ExecutionContext {
  const instance = context.instances[record.provider];
  if (!instance) {
    throw new OnRecordError(
      'invalid-state',
      `Session ${record.id} is recorded by the provider instance "${record.provider}", which this recorder lacks.`,
      {
        remedy: 'Keep an instance configured (draining) until its sessions are over.',
        context: { sessionId: record.id, provider: record.provider, known: Object.keys(context.instances) },
      },
    );
  }
  return { store: context.store, clock: context.clock, driver: instance.driver, instance: record.provider };
}
