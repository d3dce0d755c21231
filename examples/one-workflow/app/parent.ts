import { once } from 'node:events';
import { type EventSink, OnRecordError } from '@onrecord/core';
import type { FromApp, ToApp } from './messages.ts';

/** Tells the parent process. Does nothing where there is none. */
export function tell(message: FromApp): void {
  process.send?.(message);
}

/** Brings the parent the events that a worker delivers. */
export const eventsToParent: EventSink = {
  name: 'parent',
  async deliver(event) {
    tell({ tell: 'event', event });
  },
};

/** Calls `listener` with everything that the parent tells. */
export function onTold(listener: (message: ToApp) => void): void {
  process.on('message', (message) => listener(message as ToApp));
}

/** Resolves when the parent has let go of this process, or was killed. */
export async function parentGone(): Promise<void> {
  if (process.connected) await once(process, 'disconnect');
}

/** Ends this process when its parent goes before what is returned was called: nobody waits for its work any more. */
export function endWithParent(): () => void {
  const end = () => process.exit(1);
  process.once('disconnect', end);
  return () => process.off('disconnect', end);
}

/**
 * The value of an environment variable that the process cannot do without.
 * @throws OnRecordError `invalid-request`.
 */
export function required(name: string): string {
  const value = process.env[name];
  if (value) return value;
  throw new OnRecordError('invalid-request', `The environment variable ${name} is not set.`);
}
