import { type CallNotice, type DriverContext, type Parsed, type Report, type Seen, timestamp } from '@onrecord/core';
import type { EventBridgeEvent } from '../meeting/event-bridge-event.ts';
import { timeOf } from '../meeting/map-notices.ts';
import { adoptionOf } from './adoption.ts';
import { type ChimeKvsStreamsCall, chimeKvsStreams, connectorCall, isCaller } from './call-ref.ts';
import type { ChimeInsightsConfig } from './config.ts';
import { aboutWhom } from './message.ts';

const nothing: Parsed = { reports: [], calls: [], unhandled: 0 };

/**
 * What a `Chime VoiceConnector Streaming Status` says. There is one STARTED and one ENDED for each side of a call. A
 * connector whose recordings are adopted tells of sessions; any other one of calls, for programs that start themselves.
 */
export function streamingEvent(event: EventBridgeEvent, { clock }: DriverContext, config: ChimeInsightsConfig): Parsed {
  const { detail } = event;
  const { streamingStatus, voiceConnectorId, transactionId } = detail;
  if (typeof voiceConnectorId !== 'string' || typeof transactionId !== 'string') return { ...nothing, unhandled: 1 };
  const about = aboutWhom({ voiceConnectorId, transactionId, callId: detail['callId'] }, config, undefined);
  const at = momentOf(event);
  const seen = seenIn(detail);
  if (!seen) return { ...nothing, unhandled: 1 };
  if (!about) return { ...nothing, calls: noticesOf(event, config, { voiceConnectorId, transactionId }, at) };
  // The ids of two events about one stream differ, the stream does not.
  const side = `${String(streamingStatus)}/${String(detail['streamArn'] ?? event.id ?? event.time)}`;
  const adopted = adoptionOf(about, config, at);
  const report: Report = {
    reportId: `chime-streaming/${voiceConnectorId}/${transactionId}/${side}`,
    subject: about.subject,
    seen: { ...seen, ...(adopted ? { expects: [adopted.expects] } : {}) },
    cause: { unattributed: true },
    clock: at === undefined ? { domain: 'none' } : { domain: 'provider:chime', at },
    via: 'push',
    receivedAt: timestamp(clock.now()),
  };
  return { ...nothing, reports: [report], ...(adopted ? { adopt: [adopted.adoption] } : {}) };
}

/**
 * A stream is no recording: its beginning proves none. Its end is one, since a pipeline stops 15 s after the first stream
 * that falls silent. Undefined for a status that nobody documents.
 */
function seenIn(detail: EventBridgeEvent['detail']): Seen | undefined {
  const caller = isCaller(detail);
  const name = caller === undefined ? 'stream' : caller ? 'callerStream' : 'calleeStream';
  const stream = typeof detail['streamArn'] === 'string' ? { facts: { [name]: detail['streamArn'] } } : {};
  switch (detail['streamingStatus']) {
    case 'STARTED':
      return stream;
    case 'ALL_STARTED':
    case 'UPDATED':
      return {};
    case 'ENDED':
      return { capturing: false, ended: true, endReason: 'call-ended' };
    case 'FAILED': {
      const failureReason = typeof detail['failureReason'] === 'string' ? detail['failureReason'] : '';
      return { capturing: false, ended: true, endReason: 'provider-error', facts: { failureReason } };
    }
    default:
      return undefined;
  }
}

/** `ALL_STARTED` alone knows both streams. Both ENDED of a call are one notice. */
function noticesOf(
  { detail }: EventBridgeEvent,
  { instance, region }: ChimeInsightsConfig,
  ids: { readonly voiceConnectorId: string; readonly transactionId: string },
  at: string | undefined,
): readonly CallNotice[] {
  const base = `chime-voice-connector/${ids.voiceConnectorId}/${ids.transactionId}`;
  const when = at === undefined ? {} : { at };
  if (detail['streamingStatus'] === 'ENDED') {
    const call = connectorCall(ids, { provider: instance, region });
    return [{ type: 'call.ended', noticeId: `${base}/ended`, call, ...when }];
  }
  const call = detail['streamingStatus'] === 'ALL_STARTED' ? callOf(detail, instance, ids) : undefined;
  if (!call) return [];
  const { direction, fromNumber, toNumber } = detail;
  const told = direction === 'Inbound' ? 'inbound' : direction === 'Outbound' ? 'outbound' : undefined;
  return [
    {
      type: 'call.connected',
      noticeId: `${base}/connected`,
      call,
      answered: true,
      ...when,
      ...(told ? { direction: told } : {}),
      ...(typeof fromNumber === 'string' ? { from: fromNumber } : {}),
      ...(typeof toNumber === 'string' ? { to: toNumber } : {}),
    },
  ];
}

function callOf(
  detail: EventBridgeEvent['detail'],
  provider: string,
  ids: { readonly voiceConnectorId: string; readonly transactionId: string },
): ChimeKvsStreamsCall | undefined {
  const list = Array.isArray(detail['streams']) ? (detail['streams'] as readonly unknown[]) : [];
  const arns = list.flatMap((item) => {
    const { streamArn } = (item ?? {}) as { readonly streamArn?: unknown };
    return typeof streamArn === 'string' ? [streamArn] : [];
  });
  const [first, second] = arns;
  if (first === undefined || second === undefined) return undefined;
  try {
    return chimeKvsStreams({ streams: [first, second], ...ids }, { provider });
  } catch {
    return undefined;
  }
}

/** The moment of the stream, to the millisecond, where the event tells it. */
function momentOf(event: EventBridgeEvent): string | undefined {
  const { streamingStatus, startTime, endTime, failTime } = event.detail;
  const told = streamingStatus === 'STARTED' ? startTime : streamingStatus === 'ENDED' ? endTime : failTime;
  const ms = typeof told === 'string' ? Date.parse(told) : Number.NaN;
  return Number.isNaN(ms) ? timeOf(event) : new Date(ms).toISOString();
}
