import { type DriverContext, type MediaSighting, type Parsed, type Report, type Seen, timestamp } from '@onrecord/core';
import { keyAt } from '../delivery/landing.ts';
import { adoptionOf } from './adoption.ts';
import type { ChimeInsightsConfig } from './config.ts';
import { naturalEnd } from './end-reason.ts';
import { insightsKey } from './handle.ts';
import { over } from './map-elements.ts';
import { tracksOf } from './map-pipeline.ts';
import { type About, aboutWhom, type Members } from './message.ts';

/** Records that say nothing about a recording. */
const insights = /^(Transcribe|TranscribeCallAnalytics|TranscribeCallAnalyticsCategoryEvent|Voice\w+|Speaker\w+)$/;

/**
 * The records in a message: a batch as Kinesis hands it to a Lambda function, in base64, a list, or one record. Undefined
 * when it is none of these.
 */
export function recordsIn(message: unknown): readonly unknown[] | undefined {
  if (Array.isArray(message)) return message.some(isRecord) ? message : undefined;
  if (isRecord(message)) return [message];
  const batch =
    isObject(message) && Array.isArray(message['Records']) ? (message['Records'] as readonly unknown[]) : [];
  if (!batch.some((item) => isObject(item) && isObject(item['kinesis']))) return undefined;
  return batch.map((item) => {
    const kinesis = isObject(item) ? item['kinesis'] : undefined;
    const data = isObject(kinesis) ? kinesis['data'] : undefined;
    return typeof data === 'string' ? parseJson(Buffer.from(data, 'base64').toString('utf8')) : undefined;
  });
}

/** What records say: the first one of a session, and its files. One that makes no sense keeps none of the others. */
export function kinesisRecords(
  records: readonly unknown[],
  context: DriverContext,
  config: ChimeInsightsConfig,
): Pick<Parsed, 'reports' | 'unhandled'> & { readonly adopt: NonNullable<Parsed['adopt']> } {
  const all = records.map((record) => (isRecord(record) ? readRecord(record, context, config) : 'unhandled'));
  return {
    reports: all.flatMap((one) => (typeof one === 'object' ? one.reports : [])),
    adopt: all.flatMap((one) => (typeof one === 'object' ? (one.adopt ?? []) : [])),
    unhandled: all.filter((one) => one === 'unhandled').length,
  };
}

type Read = Pick<Parsed, 'reports' | 'adopt'> | 'known' | 'unhandled';

function readRecord(record: Members, { clock }: DriverContext, config: ChimeInsightsConfig): Read {
  const { 'detail-type': type, mediaInsightsPipelineId: pipelineId, time } = record;
  if (type !== 'Recording' && type !== 'CallAnalyticsMetadata') {
    return insights.test(String(type)) ? 'known' : 'unhandled';
  }
  // New SIPREC metadata of a call that goes on.
  if (record['callevent-type'] === 'Update') return 'known';
  const metadata = unwrap(record['metadata']);
  const about = aboutWhom(metadata, config, typeof pipelineId === 'string' ? pipelineId : undefined);
  if (!about) return 'unhandled';
  const now = timestamp(clock.now());
  const at = timeIn(time);
  const adopted = adoptionOf(about, config, timeIn(metadata['startTime']) ?? at);
  const media = type === 'Recording' ? sightingOf(record, about, config) : undefined;
  if (type === 'Recording' && !media) return 'unhandled';
  const keys = typeof pipelineId === 'string' ? pipelineNames(pipelineId, config) : {};
  const report: Report = {
    reportId: `chime-kinesis/${type}/${String(pipelineId)}/${media?.key ?? ''}`,
    subject: about.subject,
    seen: {
      ...keys,
      ...(media ? { media: [media] } : {}),
      // The recording is told of once it is written; an enhanced copy comes after it.
      ...(media?.role === 'master' ? { ...over, ...endOf(metadata, at ?? now, about) } : {}),
      ...(adopted ? { expects: [adopted.expects] } : {}),
    },
    cause: { unattributed: true },
    clock: at === undefined ? { domain: 'none' } : { domain: 'provider:kinesis', at },
    via: 'push',
    receivedAt: now,
  };
  return { reports: [report], adopt: adopted ? [adopted.adoption] : [] };
}

function pipelineNames(pipelineId: string, { region, accountId }: ChimeInsightsConfig): object {
  const pipelineArn = `arn:aws:chime:${region}:${accountId}:media-pipeline/${pipelineId}`;
  return { handle: { pipelineId, pipelineArn }, providerKeys: [insightsKey(pipelineId)] };
}

/**
 * The recording began with its pipeline, near enough to tell eight hours. Whether the end of a shorter one is that of the
 * call or was asked for is not known of a recording of ours.
 */
function endOf({ startTime, endTime }: Members, at: string, { adopted }: About): Pick<Seen, 'endReason'> {
  const endReason = naturalEnd({ createdAt: timeIn(startTime), stoppedAt: timeIn(endTime) ?? at });
  return adopted || endReason === 'limit-reached' ? { endReason } : {};
}

/**
 * The file that a record names, by the address of a console page whose `prefix` is its key. The address is read and never
 * visited. Undefined for files outside the bucket, or its prefix.
 */
function sightingOf(record: Members, about: About, { bucket, prefix }: ChimeInsightsConfig): MediaSighting | undefined {
  const file = fileIn(record['s3MediaObjectConsoleUrl']);
  const [, extension] = /\.(wav|ogg)$/.exec(file?.key ?? '') ?? [];
  if (!file || extension === undefined || (file.bucket !== undefined && file.bucket !== bucket)) return undefined;
  const landing = prefix === '' ? { bucket } : { bucket, prefix };
  if (keyAt({ bucket, key: file.key }, landing) === undefined) return undefined;
  const uri = `s3://${bucket}/${file.key}`;
  const seconds = Number(record['recordingDurationSeconds']);
  const derived = record['detail-subtype'] === 'VoiceEnhancement';
  const { voiceConnectorId, transactionId } = about;
  const call = voiceConnectorId === undefined ? undefined : `${voiceConnectorId}/${String(transactionId)}`;
  return {
    key: uri,
    uri,
    role: derived ? 'derived' : 'master',
    container: extension === 'ogg' ? 'ogg' : 'wav',
    channels: 2,
    ...(seconds > 0 ? { durationMs: Math.round(seconds * 1000) } : {}),
    ...(call === undefined ? {} : { tracks: tracksOf(call) }),
  };
}

function fileIn(address: unknown): { readonly bucket: string | undefined; readonly key: string } | undefined {
  if (typeof address !== 'string' || !URL.canParse(address)) return undefined;
  const url = new URL(address);
  const key = url.searchParams.get('prefix');
  if (key === null || key === '') return undefined;
  const [, bucket] = /^\/s3\/(?:object|buckets)\/([a-z0-9.-]+)/.exec(url.pathname) ?? [];
  return { bucket, key };
}

/** `metadata` is text with JSON in it. */
function unwrap(value: unknown): Members {
  const parsed = typeof value === 'string' ? parseJson(value) : value;
  return isObject(parsed) ? parsed : {};
}

function timeIn(value: unknown): string | undefined {
  const ms = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString();
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Members {
  return isObject(value) && value['service-type'] === 'CallAnalytics';
}

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
