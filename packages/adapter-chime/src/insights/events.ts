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

/** Messages in messages: SNS in SQS in a Lambda invocation, and one to spare. */
const maxWraps = 4;

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
  const several = unwrap(message, maxWraps);
  if (!several) return parseOne(message, context, config, probe);
  const all: Parsed[] = [];
  for (const one of several) all.push(await parseOne(one, context, config, probe).catch(countMalformed));
  return {
    reports: all.flatMap(({ reports }) => reports),
    calls: all.flatMap(({ calls }) => calls),
    adopt: all.flatMap(({ adopt = [] }) => adopt),
    unhandled: all.reduce((sum, { unhandled }) => sum + unhandled, 0),
  };
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

/** The messages of a list, or of a queue's batch; undefined for a message by itself. */
function unwrap(message: unknown, wraps: number): readonly unknown[] | undefined {
  if (wraps === 0) return undefined;
  const list = Array.isArray(message) ? (message as readonly unknown[]) : queued(message);
  if (!list || recordsIn(message)) return undefined;
  return list.flatMap((one) => unwrap(one, wraps - 1) ?? [one]);
}

/** `Records[].body` of SQS, and `Records[].Sns.Message`. */
function queued(message: unknown): readonly unknown[] | undefined {
  const { Records: records } = (message ?? {}) as { readonly Records?: unknown };
  if (!Array.isArray(records)) return undefined;
  const bodies = (records as readonly unknown[]).map((record) => {
    const { body, Sns } = (record ?? {}) as { readonly body?: unknown; readonly Sns?: { readonly Message?: unknown } };
    return body ?? Sns?.Message;
  });
  return bodies.some((body) => typeof body === 'string') ? bodies.map(parseText) : undefined;
}

function parseText(body: unknown): unknown {
  try {
    return JSON.parse(String(body));
  } catch {
    return undefined;
  }
}

/** In a batch one that makes no sense keeps none of the others. */
function countMalformed(error: unknown): Parsed {
  if (OnRecordError.is(error, 'invalid-request')) return { ...nothing, unhandled: 1 };
  throw error;
}

function readJson(body: Uint8Array): unknown {
  if (body.byteLength > maxBytes) throw malformed(`it has ${body.byteLength} bytes of at most ${maxBytes}`);
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
