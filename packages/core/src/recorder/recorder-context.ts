import type { Capabilities } from '../capabilities/capabilities.ts';
import type { Emulation } from '../capabilities/offer.ts';
import type { Clock } from '../clock.ts';
import type { Deadlines } from '../commands/deadlines.ts';
import { OnRecordError } from '../errors/index.ts';
import type { Output } from '../format/output.ts';
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
  /** Aborted when the recorder closes: nothing new is sent from then on. */
  readonly closing: AbortSignal;
  /** A session changed or is being looked at: the worker has to know. */
  touch(sessionId: string): void;
  /** Work that outlives the call that began it; closing waits for it. */
  background(work: Promise<unknown>): void;
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
