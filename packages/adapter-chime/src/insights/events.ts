import { type DriverContext, type InboundRequest, OnRecordError, type Parsed } from '@onrecord/core';
import { checkEventSecret } from '../delivery/event-secret.ts';
import { readEventBridge } from '../meeting/event-bridge-event.ts';
import { bucketMessage } from './bucket-message.ts';
import type { ChimeInsightsConfig } from './config.ts';
import { insightsEvent, type PipelineProbe } from './insights-event.ts';
import { kinesisRecords, recordsIn } from './kinesis-record.ts';
import { streamingEvent } from './streaming-event.ts';

/** Largest batch that a Lambda function is handed. */
const maxBytes = 6 * 1024 * 1024;

/**
 * Turns one message into reports, notices and adoptions: an event of EventBridge, a batch of Kinesis records, or what the
 * bucket says. All of them are copies of what happened, in any order.
 */
export async function parseMessage(
  request: InboundRequest,
  context: DriverContext,
  config: ChimeInsightsConfig,
  probe: PipelineProbe,
): Promise<Parsed> {
  checkEventSecret(request, config);
  const message = readJson(request.body);
  const records = recordsIn(message);
  if (records) return { calls: [], ...kinesisRecords(records, context, config) };
  if (isBucketMessage(message)) return bucketMessage(request.body, context, config);
  const event = readEventBridge(request.body);
  const nothing: Parsed = { reports: [], calls: [], unhandled: 0 };
  if (event.source === 'aws.s3') return bucketMessage(request.body, context, config);
  if (event.source !== 'aws.chime') return { ...nothing, unhandled: 1 };
  switch (event['detail-type']) {
    case 'Media Insights State Change':
      return insightsEvent(event, context, config, probe);
    case 'Media Insights Rules Matched':
      await config.onRulesMatched?.(event);
      return nothing;
    case 'Chime VoiceConnector Streaming Status':
      return streamingEvent(event, context, config);
    default:
      return { ...nothing, unhandled: 1 };
  }
}

function readJson(body: Uint8Array): unknown {
  if (body.byteLength > maxBytes) throw malformed(`it has ${body.byteLength} bytes of at most ${maxBytes}`);
  try {
    return JSON.parse(Buffer.from(body).toString('utf8'));
  } catch {
    throw malformed('it is not JSON');
  }
}

/** A list, or a batch of a queue: bucket notifications come in these, and events of EventBridge do not. */
function isBucketMessage(message: unknown): boolean {
  const records = Array.isArray(message) ? message : (message as { readonly Records?: unknown } | null)?.Records;
  return Array.isArray(records);
}

function malformed(why: string): OnRecordError {
  return new OnRecordError('invalid-request', `This is no message about call analytics: ${why}.`, {
    remedy: 'Forward events, Kinesis records and bucket notifications as they come.',
  });
}
