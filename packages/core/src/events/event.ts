import type { JsonObject } from '../json.ts';

/** What happened, without prefix and version. */
export type EventName =
  | 'recording.requested'
  | 'recording.starting'
  | 'recording.started'
  | 'recording.paused'
  | 'recording.resumed'
  | 'recording.stopping'
  | 'recording.processing'
  | 'recording.completed'
  | 'recording.failed'
  | 'recording.anomaly'
  | 'recording.missing'
  | 'recording.recovered'
  | 'command.confirmed'
  | 'command.refused'
  | 'command.timed-out'
  | 'artifact.available'
  | 'artifact.stored'
  | 'artifact.expiring'
  | 'artifact.missing'
  | 'artifact.released'
  | 'secure.entered'
  | 'secure.refused'
  | 'secure.expired';

/** A CloudEvent 1.0. `id` is `<sessionId>/<sequence>`: deliveries repeat, ids do not. */
export interface RecordingEvent<N extends EventName = EventName> {
  readonly specversion: '1.0';
  readonly id: string;
  readonly type: `dev.onrecord.${N}.v1`;
  /** `onrecord/<deployment>/<provider instance>` */
  readonly source: string;
  /** Session id. */
  readonly subject: string;
  readonly time: string;
  readonly datacontenttype: 'application/json';
  /** Strictly increasing per session, from 1; decimal without leading zeros. */
  readonly sequence: string;
  readonly data: JsonObject;
}

/** Takes events; resolves once the event is safe. A rejection is retried, in order, per session. */
export interface EventSink {
  readonly name: string;
  deliver(event: RecordingEvent, options: { readonly signal: AbortSignal }): Promise<void>;
}
