import { type DriverContext, type Parsed, systemClock } from '@onrecord/core';
import { type ChimeInsightsOptions, chimeInsights } from '../index.ts';

export const SECRET = 'a-secret-of-the-api-destination';
export const CORRELATION = '0190b0a0-0000-7000-8000-000000000000.p1';
export const PIPELINE = 'arn:aws:chime:us-east-1:111122223333:media-pipeline/ecf06ff9-d0af-449f-a520-550b8b4c341b';
export const connector = {
  voiceConnectorId: 'abcdef1ghij2klmno3pqr4',
  transactionId: 'ec97a8ff',
  callId: '1112-2222-4333',
} as const;

/** What a driver makes of a message that came over HTTP. Nobody answers it: what a message says is kept all the same. */
export async function parse(
  message: unknown,
  options: Partial<ChimeInsightsOptions> = {},
  secret: string = SECRET,
): Promise<Parsed> {
  const driver = chimeInsights({
    region: 'us-east-1',
    accountId: '111122223333',
    bucket: 'recordings',
    prefix: 'calls',
    configuration: 'calls',
    events: { secret: SECRET },
    endpoint: 'http://127.0.0.1:9',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    adopt: { voiceConnectors: 'any' },
    ...options,
  });
  const context: DriverContext = { signal: AbortSignal.timeout(10_000), clock: systemClock };
  const body = Buffer.from(typeof message === 'string' ? message : JSON.stringify(message));
  try {
    return await driver.parse({ transport: 'http', headers: { 'x-onrecord-key': secret }, body }, context);
  } finally {
    await driver.close();
  }
}

/** An event as EventBridge posts it. */
export function event(detailType: string, detail: object): object {
  return {
    version: '0',
    id: '482cc26c-e10f-8471-a03a-417ce1b7cb91',
    'detail-type': detailType,
    source: 'aws.chime',
    account: '111122223333',
    time: '2024-08-07T03:07:17Z',
    region: 'us-east-1',
    resources: [],
    detail: { version: '0', ...detail },
  };
}

/** About a pipeline of ours. */
export function insights(eventType: string, more: object = {}): object {
  const detail = { mediaInsightsPipelineArn: PIPELINE, eventType, onrecord: CORRELATION, ...more };
  return event('Media Insights State Change', detail);
}

/** About a call of a Voice Connector. */
export function streaming(streamingStatus: string, more: object = {}): object {
  const detail = { streamingStatus, direction: 'Inbound', ...connector, ...more };
  return event('Chime VoiceConnector Streaming Status', detail);
}

export const seenOf = ({ reports }: Parsed): Parsed['reports'][number]['seen'] | undefined => reports[0]?.seen;
