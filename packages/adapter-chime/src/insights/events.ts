import { type DriverContext, type InboundRequest, OnRecordError, type Parsed } from '@onrecord/core';
import { maxBatchBytes, messagesIn, parseEach } from '../delivery/batch.ts';
import { checkEventSecret } from '../delivery/event-secret.ts';
import { readEventBridge } from '../meeting/event-bridge-event.ts';
import { bucketMessage } from './bucket-message.ts';
import type { ChimeInsightsConfig } from './config.ts';
import { insightsEvent, type PipelineProbe } from './insights-event.ts';
import { kinesisRecords, recordsIn } from './kinesis-record.ts';
import { streamingEvent } from './streaming-event.ts';

const nothing: Parsed = { reports: [], calls: [], unhandled: 0 };

/**
 * Turns one message into reports, notices and adoptions: an event of EventBridge, a batch of Kinesis records, or what the
 * bucket says, each by itself, in a list or in the batch of a queue. All of them are copies of what happened, in any order.
 */
export async function parseMessage(
  request: InboundRequest,
  context: DriverContext,
  config: ChimeInsightsConfig,
  probe: PipelineProbe,
): Promise<Parsed> {
  checkEventSecret(request, config);
  const message = readJson(request.body);
  const several = messagesIn(message, (one) => recordsIn(one) !== undefined);
  const parse = (one: unknown) => parseOne(one, context, config, probe);
  return several ? parseEach(several, parse) : parse(message);
}

async function parseOne(
  message: unknown,
  context: DriverContext,
  config: ChimeInsightsConfig,
  probe: PipelineProbe,
): Promise<Parsed> {
  const records = recordsIn(message);
  if (records) return { calls: [], ...kinesisRecords(records, context, config) };
  const body = Buffer.from(JSON.stringify(message) ?? '');
  if (isNotification(message)) return bucketMessage(body, context, config);
  const event = readEventBridge(body);
  if (event.source === 'aws.s3') return bucketMessage(body, context, config);
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
  if (body.byteLength > maxBatchBytes) throw malformed(`it has ${body.byteLength} bytes of at most ${maxBatchBytes}`);
  try {
    return JSON.parse(Buffer.from(body).toString('utf8'));
  } catch {
    throw malformed('it is not JSON');
  }
}

/** What S3 itself sends; `Object Created` of EventBridge is an event like others. */
function isNotification(message: unknown): boolean {
  return Array.isArray((message as { readonly Records?: unknown } | null)?.Records);
}

function malformed(why: string): OnRecordError {
  return new OnRecordError('invalid-request', `This is no message about call analytics: ${why}.`, {
    remedy: 'Forward events, Kinesis records and bucket notifications as they come.',
  });
}
