import type { JsonObject } from '../json.ts';

/** What can be recorded. Adapters of third parties add their own kinds as `<provider>.<noun>`. */
export type CallKind =
  | 'chime.sma-leg'
  | 'chime.meeting'
  | 'chime.kvs-streams'
  | 'azure.server-call'
  | 'azure.call-connection'
  | 'azure.group-call'
  | 'azure.room'
  | 'asterisk.channel'
  | 'asterisk.bridge'
  | (`${string}.${string}` & {});

/** A call as its provider knows it. Two references mean the same call exactly when their `key` is equal. */
export interface CallRef<K extends CallKind = CallKind> {
  readonly kind: K;
  /** Name of the configured provider instance. */
  readonly provider: string;
  /** Canonical identity, unique within the kind. */
  readonly key: string;
  readonly region?: string | undefined;
  /** What the driver needs to address the call. @personal may hold addresses: hashed in events and logs, erasable. */
  readonly data: JsonObject;
}
