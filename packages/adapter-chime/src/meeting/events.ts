import {
  type DriverContext,
  type InboundRequest,
  type Parsed,
  type Report,
  type Seen,
  timestamp,
} from '@onrecord/core';
import { maxBatchBytes, messagesIn, parseEach } from '../delivery/batch.ts';
import { checkEventSecret } from '../delivery/event-secret.ts';
import type { ChimeMeetingConfig } from './config.ts';
import { type EventBridgeEvent, readEventBridge } from './event-bridge-event.ts';
import { captureKey, concatenationKey } from './handle.ts';
import { readMeetingEvent, timeOf } from './map-notices.ts';
import type { MeetingRosters } from './roster/rosters.ts';
import { isPoolChange, sideEvent } from './sides/side-events.ts';

/** What a capture pipeline's event shows; `known` without anything to report for the rest of the documented ones. */
const captureEvents: { readonly [eventType: string]: Seen | 'known' } = {
  'chime:MediaPipelineInProgress': { capturing: true },
  'chime:MediaPipelineResumed': { capturing: true },
  'chime:MediaPipelineTemporaryFailure': 'known',
  'chime:MediaPipelinePermanentFailure': { capturing: false, ended: true, endReason: 'provider-error' },
  'chime:MediaPipelineDeleted': { capturing: false, ended: true },
  'chime:MediaPipelineKinesisVideoStreamStart': 'known',
  'chime:MediaPipelineKinesisVideoStreamEnd': 'known',
};

/** Whether a meeting is over; undefined when nobody can tell. */
export type MeetingProbe = (
  meeting: { readonly meetingId: string; readonly region: string },
  signal: AbortSignal,
) => Promise<boolean | undefined>;

/** What events are read with. */
export interface EventReader {
  readonly context: DriverContext;
  readonly config: ChimeMeetingConfig;
  readonly isOver: MeetingProbe;
  readonly rosters: MeetingRosters;
}

/** Turns an event of EventBridge, or the batch of a queue with such events, into reports and notices. */
export async function parseEvents(request: InboundRequest, reader: EventReader): Promise<Parsed> {
  checkEventSecret(request, reader.config);
  const several = messagesIn(jsonIn(request.body));
  if (!several?.length) return parseEvent(readEventBridge(request.body), reader);
  return parseEach(several, async (one) => parseEvent(readEventBridge(Buffer.from(JSON.stringify(one) ?? '')), reader));
}

/** Undefined for a body that is too long or no JSON, of which the reader of a single event says so. */
function jsonIn(body: Uint8Array): unknown {
  if (body.byteLength > maxBatchBytes) return undefined;
  try {
    return JSON.parse(Buffer.from(body).toString('utf8'));
  } catch {
    return undefined;
  }
}

/** An event is one of many copies, in any order: reports are identified by its id and carry the service's time. */
async function parseEvent(event: EventBridgeEvent, { context, config, isOver, rosters }: EventReader): Promise<Parsed> {
  const nothing: Parsed = { reports: [], calls: [], unhandled: 0 };
  if (event.source !== 'aws.chime') return { ...nothing, unhandled: 1 };
  switch (event['detail-type']) {
    case 'Chime Meeting State Change': {
      const told = readMeetingEvent(event, config.instance);
      const calls = told && rosters.notices(told, context.clock.now());
      return calls ? { ...nothing, calls } : { ...nothing, unhandled: 1 };
    }
    case 'Chime Media Pipeline State Change': {
      const reports = await pipelineReports(event, context, isOver);
      return reports ? { ...nothing, reports } : { ...nothing, reports: unknownChange(event, context), unhandled: 1 };
    }
    case 'Chime Media Pipeline Kinesis Video Pool State Change':
      return isPoolChange(event) ? nothing : { ...nothing, unhandled: 1 };
    default:
      return { ...nothing, unhandled: 1 };
  }
}

/**
 * The event names no type of pipeline, and all send the same ones: it is offered as one of a capture, and an end also as
 * one of a concatenation and of a side output. The one that is not known waits with the parked reports until it expires.
 */
async function pipelineReports(
  event: EventBridgeEvent,
  context: DriverContext,
  isOver: MeetingProbe,
): Promise<readonly Report[] | undefined> {
  const { eventType, mediaPipelineId, meetingId } = event.detail;
  if (typeof eventType !== 'string' || typeof mediaPipelineId !== 'string') return undefined;
  const side = sideEvent(event);
  const beside = side ? [report(event, context, side.providerKey, side.seen)] : [];
  const known = captureEvents[eventType];
  if (known === undefined || known === 'known') return known === undefined ? undefined : beside;
  const own = report(event, context, captureKey(mediaPipelineId), known);
  if (!known.ended) return [own];
  const failed = known.endReason !== undefined;
  const facts = { [`concatenation/${mediaPipelineId}`]: failed ? 'failed' : 'done' };
  const concatenation = report(event, context, concatenationKey(mediaPipelineId), { facts });
  const over =
    !failed && typeof meetingId === 'string'
      ? await isOver({ meetingId, region: event.region }, context.signal)
      : undefined;
  const ended: Report = over ? { ...own, seen: { ...own.seen, endReason: 'call-ended' } } : own;
  return [ended, concatenation, ...beside];
}

/** A change that nobody knows yet stays in the record of the part, as a fact. */
function unknownChange(event: EventBridgeEvent, context: DriverContext): readonly Report[] {
  const { eventType, mediaPipelineId } = event.detail;
  if (typeof eventType !== 'string' || typeof mediaPipelineId !== 'string') return [];
  const facts = { [`event/${eventType}`]: timeOf(event) ?? true };
  return [report(event, context, captureKey(mediaPipelineId), { facts })];
}

function report(event: EventBridgeEvent, { clock }: DriverContext, providerKey: string, seen: Seen): Report {
  const { eventType, timestamp: sent } = event.detail;
  const at = timeOf(event);
  return {
    reportId: `chime-event/${event.id ?? `${String(eventType)}/${String(sent)}`}/${providerKey}`,
    subject: { providerKey },
    seen,
    cause: { unattributed: true },
    clock: at === undefined ? { domain: 'none' } : { domain: 'provider:chime', at },
    via: 'push',
    receivedAt: timestamp(clock.now()),
  };
}
