import { type DriverContext, type Parsed, type Report, type Seen, timestamp } from '@onrecord/core';
import type { EventBridgeEvent } from '../meeting/event-bridge-event.ts';
import { timeOf } from '../meeting/map-notices.ts';
import { adoptionOf } from './adoption.ts';
import type { PipelineState } from './ask-pipeline.ts';
import type { ChimeInsightsConfig } from './config.ts';
import { naturalEnd } from './end-reason.ts';
import { handleFromArn, insightsKey } from './handle.ts';
import { type ElementStatus, over, reasonOfFailedPipeline, reasonOfFailure, seenInElements } from './map-elements.ts';
import { aboutWhom } from './message.ts';

/** Asks about a pipeline; undefined when the service cannot be asked: what an event says is worth keeping all the same. */
export type PipelineProbe = (pipelineId: string, signal: AbortSignal) => Promise<PipelineState | undefined>;

const nothing: Parsed = { reports: [], calls: [], unhandled: 0 };

/** Types of `Media Insights State Change` after which a pipeline is over. */
const final = ['chime:MediaInsightsStopped', 'chime:MediaInsightsPermanentFailure'];

/**
 * What a `Media Insights State Change` says. The type of the event tells how the pipeline is; how the recording fared is
 * read from its sink, in the event where it lists elements, else by asking.
 */
export async function insightsEvent(
  event: EventBridgeEvent,
  { signal, clock }: DriverContext,
  config: ChimeInsightsConfig,
  probe: PipelineProbe,
): Promise<Parsed> {
  const { detail } = event;
  const { eventType } = detail;
  const handle = handleFromArn(detail['mediaInsightsPipelineArn']);
  const at = timeOf(event);
  const about = aboutWhom(detail, config, handle?.pipelineId);
  const seen = typeof eventType === 'string' && about ? seenIn(eventType, detail, at) : undefined;
  if (!about || !seen) return { ...nothing, unhandled: 1 };
  const elements = elementsOf(detail);
  const asked = final.includes(String(eventType)) && handle ? await probe(handle.pipelineId, signal) : undefined;
  const inElements = seenInElements(
    elements.length > 0 ? elements : (asked?.elements ?? []),
    textIn(detail, 'failureReason'),
  );
  const failed =
    eventType === 'chime:MediaInsightsPermanentFailure'
      ? reasonOfFailedPipeline(inElements?.facts?.['S3RecordingSink'], textIn(detail, 'failureReason'))
      : undefined;
  const together = merge(merge(inElements ?? {}, seen), final.includes(String(eventType)) ? lifetime(asked, at) : {});
  // A pause of the processors is over once they work again, and not when the recording is written.
  const resumed = together.capturing && eventType === 'chime:MediaInsightsInProgress';
  const told = resumed ? merge(together, { facts: { pausedAt: null } }) : together;
  const adopted = adoptionOf(about, config, at);
  const report: Report = {
    reportId: `chime-event/${event.id ?? `${String(eventType)}/${handle?.pipelineId ?? ''}/${event.time ?? ''}`}`,
    subject: about.subject,
    seen: {
      ...(failed === undefined ? withEnd(told, asked, at, about.adopted) : told),
      // That nothing is known of the recording is no reason, and not the end of the call either.
      ...(failed === undefined || failed === 'unknown' ? {} : { endReason: failed }),
      ...(handle ? { handle, providerKeys: [insightsKey(handle.pipelineId)] } : {}),
      ...(adopted ? { expects: [adopted.expects] } : {}),
    },
    cause: { unattributed: true },
    clock: at === undefined ? { domain: 'none' } : { domain: 'provider:chime', at },
    via: 'push',
    receivedAt: timestamp(clock.now()),
  };
  return { ...nothing, reports: [report], ...(adopted ? { adopt: [adopted.adoption] } : {}) };
}

/** By the type alone; what elements say goes before it. Undefined for a type that nobody documents. */
function seenIn(eventType: string, detail: EventBridgeEvent['detail'], at: string | undefined): Seen | undefined {
  switch (eventType) {
    case 'chime:MediaInsightsCreated':
      return {};
    case 'chime:MediaInsightsInProgress':
      // Elements show whether it is the call that goes on, or the writing after it.
      return elementsOf(detail).length > 0 ? {} : { capturing: true };
    case 'chime:MediaInsightsPaused':
      return at === undefined ? {} : { facts: { pausedAt: at } };
    case 'chime:MediaInsightsTemporaryFailure':
      return {};
    case 'chime:MediaInsightsStopped':
      return over;
    case 'chime:MediaInsightsPermanentFailure': {
      const failureReason = textIn(detail, 'failureReason');
      return failureReason === undefined ? over : { ...over, facts: { failureReason } };
    }
    case 'chime:MediaInsightsCreateFailed': {
      const why = textIn(detail, 'failureReason') ?? '';
      const denied = detail['httpStatusCode'] === '403' || reasonOfFailure(why) === 'permission-denied';
      return { ...over, endReason: denied ? 'permission-denied' : 'provider-error', facts: { failureReason: why } };
    }
    default:
      return undefined;
  }
}

function merge(first: Seen, second: Seen): Seen {
  const facts = { ...second.facts, ...first.facts };
  return { ...first, ...second, ...(Object.keys(facts).length > 0 ? { facts } : {}), ...endReasonOf(first, second) };
}

function endReasonOf(first: Seen, second: Seen): Pick<Seen, 'endReason'> {
  const endReason = first.endReason ?? second.endReason;
  return endReason === undefined ? {} : { endReason };
}

function lifetime(asked: PipelineState | undefined, at: string | undefined): Seen {
  return {
    facts: {
      ...(at === undefined ? {} : { stoppedAt: at }),
      ...(asked?.createdAt === undefined ? {} : { createdAt: asked.createdAt }),
      ...(asked?.until === undefined ? {} : { until: asked.until }),
    },
  };
}

/**
 * An end that nothing explains is one of the stop rules, or that of the call. Which of the latter and a stop of ours it is,
 * an event cannot tell: where we may have asked for it, the part's own facts decide later.
 */
function withEnd(seen: Seen, asked: PipelineState | undefined, at: string | undefined, adopted: boolean): Seen {
  if (!seen.ended || seen.endReason !== undefined || at === undefined) return seen;
  const endReason = naturalEnd({ createdAt: asked?.createdAt, until: asked?.until, stoppedAt: at });
  return adopted || endReason === 'limit-reached' ? { ...seen, endReason } : seen;
}

function elementsOf(detail: EventBridgeEvent['detail']): readonly ElementStatus[] {
  const list = detail['mediaInsightsPipelineElementStatuses'];
  if (!Array.isArray(list)) return [];
  return (list as readonly unknown[]).flatMap((item) => {
    if (typeof item !== 'object' || item === null) return [];
    const { type, status, statusDetail } = item as Readonly<Record<string, unknown>>;
    if (typeof type !== 'string' || typeof status !== 'string') return [];
    return [{ type, status, ...(typeof statusDetail === 'string' ? { detail: statusDetail } : {}) }];
  });
}

function textIn(detail: EventBridgeEvent['detail'], name: string): string | undefined {
  const value = detail[name];
  return typeof value === 'string' ? value : undefined;
}
