import { type CallRef, OnRecordError } from '@onrecord/core';

/** What addresses a call that is written into two Kinesis video streams. */
export interface ChimeKvsStreamsData {
  readonly [member: string]: string | readonly string[] | undefined;
  /** ARNs. The first becomes channel 0, and its voice is the reference participant. */
  readonly streams: readonly string[];
  readonly voiceConnectorId?: string | undefined;
  readonly transactionId?: string | undefined;
  readonly callId?: string | undefined;
}

export interface ChimeKvsStreamsCall extends CallRef<'chime.kvs-streams'> {
  readonly data: ChimeKvsStreamsData;
}

/** Name of the provider instance where nobody gave one: the driver's type, as with a recorder. */
export const defaultInsightsProvider = 'chime-insights';

/** `StreamArn` of the model. */
const streamArn = /^arn:[a-z\d-]+:kinesisvideo:([a-z0-9-]+):(\d+):[a-z]+\/[a-zA-Z0-9_.-]+\/\d+$/;

/**
 * The reference of a call whose voices are in two Kinesis video streams of one region and account, each signed 16-bit
 * little-endian PCM at 8 kHz.
 *
 * @throws OnRecordError `invalid-request` for one stream, the same one twice, something that is no ARN of a stream, or two
 * regions or accounts.
 * @example
 * ```ts
 * const call = chimeKvsStreams({ streams: [agentStreamArn, customerStreamArn] });
 * ```
 */
export function chimeKvsStreams(
  call: {
    readonly streams: readonly [string, string];
    readonly voiceConnectorId?: string | undefined;
    readonly transactionId?: string | undefined;
    readonly callId?: string | undefined;
  },
  options: { readonly provider?: string | undefined } = {},
): ChimeKvsStreamsCall {
  const { streams, voiceConnectorId, transactionId, callId } = call;
  const places = placesOf(streams);
  const connector = voiceConnectorId !== undefined && transactionId !== undefined;
  return {
    kind: 'chime.kvs-streams',
    provider: options.provider ?? defaultInsightsProvider,
    key: connector ? `${voiceConnectorId}/${transactionId}` : [...streams].sort().join('+'),
    region: places.region,
    data: {
      streams: [...streams],
      ...(voiceConnectorId === undefined ? {} : { voiceConnectorId }),
      ...(transactionId === undefined ? {} : { transactionId }),
      ...(callId === undefined ? {} : { callId }),
    },
  };
}

/** `detail` of a `Chime VoiceConnector Streaming Status` event, as far as it is read here. */
export interface StreamingDetail {
  readonly streamingStatus?: unknown;
  readonly voiceConnectorId?: unknown;
  readonly transactionId?: unknown;
  readonly callId?: unknown;
  readonly direction?: unknown;
  readonly isCaller?: unknown;
  readonly streamArn?: unknown;
}

/**
 * The reference of a Voice Connector call, from the details of its two STARTED events. The account's side is channel 0, as
 * in the files that Voice Connectors have recorded by themselves.
 *
 * @throws OnRecordError `invalid-request` unless there is one of each side of one call.
 */
export function chimeKvsStreamsOf(
  started: readonly StreamingDetail[],
  options: { readonly provider?: string | undefined } = {},
): ChimeKvsStreamsCall {
  const [first] = started;
  const { voiceConnectorId, transactionId, callId, direction } = first ?? {};
  const same = started.every((detail) => detail.transactionId === transactionId);
  const account = started.find((detail) => isCaller(detail) === (direction === 'Outbound'));
  const pstn = started.find((detail) => isCaller(detail) === (direction !== 'Outbound'));
  if (!same || typeof account?.streamArn !== 'string' || typeof pstn?.streamArn !== 'string') {
    throw new OnRecordError('invalid-request', 'These are not the STARTED events of both sides of one call.', {
      remedy: 'Collect the event with isCaller true and the one with isCaller false of one transactionId.',
    });
  }
  return chimeKvsStreams(
    {
      streams: [account.streamArn, pstn.streamArn],
      ...(typeof voiceConnectorId === 'string' ? { voiceConnectorId } : {}),
      ...(typeof transactionId === 'string' ? { transactionId } : {}),
      ...(typeof callId === 'string' ? { callId } : {}),
    },
    options,
  );
}

/** A call of a Voice Connector that is recorded by itself: nobody needs to know its streams. */
export function connectorCall(
  ids: { readonly voiceConnectorId: string; readonly transactionId: string; readonly callId?: string | undefined },
  { provider, region }: { readonly provider: string; readonly region: string },
): ChimeKvsStreamsCall {
  const { voiceConnectorId, transactionId, callId } = ids;
  return {
    kind: 'chime.kvs-streams',
    provider,
    key: `${voiceConnectorId}/${transactionId}`,
    region,
    data: { streams: [], voiceConnectorId, transactionId, ...(callId === undefined ? {} : { callId }) },
  };
}

/**
 * @throws OnRecordError `unsupported` for another kind of call or another region or account, `invalid-request` for an
 * incomplete one.
 */
export function readKvsStreams(
  call: CallRef,
  place: { readonly region: string; readonly accountId: string },
): readonly [string, string] {
  if (call.kind !== 'chime.kvs-streams') {
    throw new OnRecordError('unsupported', `Call analytics records Kinesis video streams, not ${call.kind}.`, {
      remedy: 'Pass a call of kind chime.kvs-streams, as chimeKvsStreams({ streams }) makes it.',
    });
  }
  const streams = (Array.isArray(call.data['streams']) ? call.data['streams'] : []) as readonly string[];
  const found = placesOf(streams);
  if (found.region !== place.region || found.accountId !== place.accountId) {
    throw new OnRecordError('unsupported', `The streams of ${call.key} are in another region or account.`, {
      remedy: `Record them with an instance for ${found.region}: streams, configuration and bucket belong together.`,
    });
  }
  return [streams[0]!, streams[1]!];
}

function placesOf(streams: readonly string[]): { readonly region: string; readonly accountId: string } {
  const [left, right] = streams.map((arn) => streamArn.exec(String(arn)));
  const problem =
    streams.length !== 2
      ? `there are ${streams.length}, and call recording takes two: one stereo stream is not supported`
      : !left || !right
        ? 'one is no ARN of a stream with its version (arn:aws:kinesisvideo:…:stream/<name>/<number>)'
        : streams[0] === streams[1]
          ? 'both are the same one'
          : left[1] !== right[1] || left[2] !== right[2]
            ? 'they are in different regions or accounts'
            : undefined;
  if (problem !== undefined) {
    throw new OnRecordError('invalid-request', `The streams of a call cannot be recorded: ${problem}.`, {
      remedy: 'Pass streams: [first, second], one voice in each.',
    });
  }
  return { region: left![1]!, accountId: left![2]! };
}

/** A boolean, or its name. */
export function isCaller({ isCaller: value }: StreamingDetail): boolean | undefined {
  if (typeof value === 'boolean') return value;
  return /^true$/i.test(String(value)) ? true : /^false$/i.test(String(value)) ? false : undefined;
}
