import { type CallRef, type JsonObject, OnRecordError } from '@onrecord/core';
import { isObject, objectAt, textAt } from './json-reader.ts';

/** The recorder replaces it by the name of its instance. */
const provider = 'asterisk';

export type AsteriskCallRef = CallRef<'asterisk.channel' | 'asterisk.bridge'>;

/** Where a channel may be read from: its id, a channel as ARI returns it, or an event that carries one. */
export type AsteriskChannelSource = string | { readonly id: string } | { readonly channel: { readonly id: string } };

/** Where a bridge may be read from: its id, a bridge as ARI returns it, or an event that carries one. */
export type AsteriskBridgeSource = string | { readonly id: string } | { readonly bridge: { readonly id: string } };

export interface AsteriskBridgeOptions {
  /**
   * The channel whose leg is meant by `separate`, `incoming` and `outgoing`: by id, as ARI returns it, or by an event.
   */
  readonly reference?: AsteriskChannelSource | undefined;
}

/**
 * The call of one channel, whether it is in a Stasis application or in the dialplan. It is recorded by listening in, so
 * `mixed` is what this leg says and hears.
 *
 * @throws OnRecordError `invalid-request` when the source names no channel.
 * @example
 * ```ts
 * await recorder.start({ call: asteriskChannel(stasisStart) });
 * ```
 */
export function asteriskChannel(source: AsteriskChannelSource): CallRef<'asterisk.channel'> {
  const id = idIn(source, 'channel');
  return { kind: 'asterisk.channel', provider, key: id, data: {} };
}

/**
 * The call on a bridge that an ARI application made. A bridge of the dialplan (`Dial`, `Queue`, `ConfBridge`) can be
 * recorded per participant, or through {@link asteriskChannel} of one of its legs.
 *
 * @throws OnRecordError `invalid-request` when the source names no bridge.
 */
export function asteriskBridge(
  source: AsteriskBridgeSource,
  options: AsteriskBridgeOptions = {},
): CallRef<'asterisk.bridge'> {
  const id = idIn(source, 'bridge');
  const data: JsonObject = options.reference === undefined ? {} : { reference: idIn(options.reference, 'channel') };
  return { kind: 'asterisk.bridge', provider, key: id, data };
}

/** What a reference addresses on the server. */
export type Target =
  | { readonly kind: 'channel'; readonly id: string }
  | { readonly kind: 'bridge'; readonly id: string; readonly reference?: string | undefined };

export function targetOf({ kind, key, data }: CallRef): Target {
  if (kind === 'asterisk.channel') return { kind: 'channel', id: key };
  const reference = textAt(data, 'reference');
  return { kind: 'bridge', id: key, ...(reference === undefined ? {} : { reference }) };
}

function idIn(source: unknown, member: 'channel' | 'bridge'): string {
  const inner = isObject(source) ? objectAt(source, member) : {};
  const id =
    typeof source === 'string' ? source : (textAt(inner, 'id') ?? (isObject(source) ? textAt(source, 'id') : ''));
  if (id) return id;
  throw new OnRecordError('invalid-request', `This names no ${member} of Asterisk.`, {
    remedy: `Pass its id, the ${member} as ARI returns it, or an event that carries one.`,
  });
}
