import { randomUUID } from 'node:crypto';
import type { AzureBehaviour } from '../behaviour.ts';
import { offsetTime } from './wire-time.ts';

/** A Call Automation callback, CloudEvents 1.0 as on the wire. */
export interface CallbackEvent {
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly time: string;
  readonly specversion: '1.0';
  readonly datacontenttype: 'application/json';
  readonly subject: string;
}

/** Data version of today's callbacks, as in a real one of 2024. */
const DATA_VERSION = '2024-09-15';

/** A callback event named `name` (`CallConnected`) about `about` (`calling/callConnections/{id}`). */
export function callbackEvent(
  name: string,
  about: string,
  data: Readonly<Record<string, unknown>>,
  atMs: number,
  shape: AzureBehaviour['eventShape'],
): CallbackEvent {
  const type = `Microsoft.Communication.${name}`;
  const extra =
    shape === '2022'
      ? { type: `${name.charAt(0).toLowerCase()}${name.slice(1)}` }
      : { version: DATA_VERSION, publicEventType: type };
  return {
    id: randomUUID(),
    source: `${about}/${name}`,
    type,
    data: { ...data, ...extra },
    time: offsetTime(atMs),
    specversion: '1.0',
    datacontenttype: 'application/json',
    subject: about,
  };
}
