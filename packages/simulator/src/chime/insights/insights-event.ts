import { randomUUID } from 'node:crypto';
import type { ChimeEnvironment } from '../environment.ts';
import type { EventBridgeEvent } from '../events/event-bridge-event.ts';

/** An event of `aws.chime`, with the envelope of every EventBridge event. */
export function insightsEvent(
  { clock, accountId, region }: ChimeEnvironment,
  detailType: 'Media Insights State Change' | 'Media Insights Rules Matched' | 'Chime VoiceConnector Streaming Status',
  detail: Readonly<Record<string, unknown>>,
): EventBridgeEvent {
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': detailType,
    source: 'aws.chime',
    account: accountId,
    time: new Date(clock.now()).toISOString().replace(/\.\d{3}Z$/, 'Z'),
    region,
    resources: [],
    detail: { version: '0', ...detail },
  };
}
