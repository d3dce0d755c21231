/**
 * Records one bridge, over the store and the server that the parent process names in its message, until it is killed.
 * Says `recording <session id>` once it does.
 */
import { createRecorder } from '@onrecord/core';
import { sqliteSessionStore } from '@onrecord/session-store';
import { filesystem } from '@onrecord/storage';
import { asteriskBridge } from '../../call-ref.ts';
import type { AsteriskOptions } from '../../config/options.ts';
import { asterisk } from '../../driver.ts';

/** What the parent sends: not on the command line, where everybody reads it. */
export interface RecordingOrder {
  readonly driver: AsteriskOptions;
  readonly database: string;
  readonly archive: string;
  readonly bridge: string;
}

process.once('message', (order) => void record(order as RecordingOrder));

async function record({ driver, database, archive, bridge }: RecordingOrder): Promise<void> {
  const recorder = createRecorder(asterisk(driver), {
    store: sqliteSessionStore({ path: database }),
    archive: filesystem(archive),
    intervals: { leaseMs: 2_000 },
  });
  const session = await recorder.start({ call: asteriskBridge(bridge) });
  process.send?.(session.id);
}
