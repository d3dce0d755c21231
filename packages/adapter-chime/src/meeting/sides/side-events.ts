import type { Seen } from '@onrecord/core';
import type { EventBridgeEvent } from '../event-bridge-event.ts';
import { failedMessage } from './attend-sides.ts';
import { sideKey, toldFact } from './side-state.ts';
import { type StreamStretch, stretchFact, stretchSighting } from './stream-sightings.ts';

/** Something that an event says of a side output, for whoever has this provider key. */
export interface SideEvent {
  readonly providerKey: string;
  readonly seen: Seen;
}

const poolChanges: ReadonlySet<string> = new Set(
  ['Active', 'Updated', 'Deleted', 'TemporaryFailure', 'PermanentFailure'].map(
    (change) => `chime:MediaPipelineKinesisVideoStreamPool${change}`,
  ),
);

/**
 * What a `Chime Media Pipeline State Change` says of a side output. Events name no type of pipeline, so an end is offered
 * under the key of one; undefined for what is no such event.
 */
export function sideEvent({ detail }: EventBridgeEvent): SideEvent | undefined {
  const { eventType, mediaPipelineId } = detail;
  if (typeof mediaPipelineId !== 'string') return undefined;
  const providerKey = sideKey(mediaPipelineId);
  switch (eventType) {
    case 'chime:MediaPipelineDeleted':
      return { providerKey, seen: { facts: { [toldFact(mediaPipelineId)]: 'over' } } };
    case 'chime:MediaPipelinePermanentFailure': {
      const anomaly = { code: 'side-failed', message: failedMessage(mediaPipelineId) } as const;
      return { providerKey, seen: { facts: { [toldFact(mediaPipelineId)]: 'failed' }, anomaly } };
    }
    case 'chime:MediaPipelineKinesisVideoStreamStart': {
      const stretch = stretchOf(detail);
      return stretch && { providerKey, seen: { facts: stretchFact(stretch) } };
    }
    case 'chime:MediaPipelineKinesisVideoStreamEnd': {
      const stretch = stretchOf(detail);
      if (stretch?.to === undefined) return undefined;
      // Listed at once, in case nobody looks at the part any more; a look adds until when it can be read.
      return { providerKey, seen: { facts: stretchFact(stretch), media: [stretchSighting(stretch, undefined)] } };
    }
    default:
      return undefined;
  }
}

/** Whether an event is a known one of a pool; `chimeStreamPools` waits for those. */
export function isPoolChange({ detail }: EventBridgeEvent): boolean {
  return poolChanges.has(String(detail['eventType'])) && typeof detail['poolArn'] === 'string';
}

/** A blank attendee, or none at all, is everybody's voices together. */
function stretchOf(detail: EventBridgeEvent['detail']): StreamStretch | undefined {
  const text = (name: string) => {
    const value = detail[name];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const arn = text('kinesisVideoStreamArn');
  const startFragment = text('startFragmentNumber');
  const from = timeOf(text('startTime'));
  if (!arn || !startFragment || !from) return undefined;
  const attendeeId = text('attendeeId');
  const ending = detail['eventType'] === 'chime:MediaPipelineKinesisVideoStreamEnd';
  const to = ending ? timeOf(text('endTime')) : undefined;
  const endFragment = ending ? text('endFragmentNumber') : undefined;
  return {
    arn,
    startFragment,
    from,
    ...(attendeeId === undefined ? {} : { attendeeId }),
    ...(to === undefined ? {} : { to }),
    ...(endFragment === undefined ? {} : { endFragment }),
  };
}

function timeOf(text: string | undefined): string | undefined {
  const at = Date.parse(text ?? '');
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
}
