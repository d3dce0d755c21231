import type { MediaCapturePipeline } from '@aws-sdk/client-chime-sdk-media-pipelines';
import { OnRecordError } from '@onrecord/core';
import type { MeetingClients } from '../client.ts';
import { captures } from '../find-capture.ts';

/** A pipeline stops in seconds. */
const stoppingMs = 1_000;
/** The region's quota is free again when somebody else's pipeline ends. */
const quotaMs = 5_000;

export interface LimitedStart {
  readonly meetingId: string;
  /** Where the refused capture was to write. */
  readonly sinkArn: string;
  /** Where all parts of the same session write. */
  readonly sessionArn: string;
  /** Whether the request was sent before, so that a capture of it may be there. */
  readonly repeated: boolean;
}

/** Whether a start was refused for a limit: an HTTP 400 of its own name. */
export function isLimit(error: unknown): boolean {
  const { name, $metadata } = (error ?? {}) as {
    readonly name?: unknown;
    readonly $metadata?: { readonly httpStatusCode?: number };
  };
  return $metadata?.httpStatusCode === 400 && typeof name === 'string' && name.includes('LimitExceeded');
}

/**
 * What a refusal for a limit means: the service lets a meeting have one capture at a time, and a region ten, or a hundred
 * in us-east-1, of all kinds together; its answer says which in words only.
 *
 * @returns the pipeline, when the capture that was refused is there already: an earlier answer was lost
 * @throws OnRecordError `quota-exceeded`, to be tried again, while a capture of the meeting stops or the region is full;
 * `conflict` when somebody else captures the meeting. Without rights to list, `refusal` itself.
 */
export async function limitReached(
  clients: MeetingClients,
  start: LimitedStart,
  refusal: unknown,
  signal: AbortSignal,
): Promise<MediaCapturePipeline> {
  const holder = await holderOf(clients, start, signal).catch(() => 'unknown' as const);
  if (holder === 'unknown') throw refusal;
  if (!holder) throw full(refusal);
  const same = holder.SinkArn === start.sinkArn;
  if (same && start.repeated) return holder;
  const ours = !same && (holder.SinkArn?.startsWith(`${start.sessionArn}/`) ?? false);
  if (ours || holder.Status === 'Stopping' || holder.Status === 'Stopped') {
    throw new OnRecordError('quota-exceeded', `The capture ${holder.MediaPipelineId} of the meeting still stops.`, {
      retry: 'safe',
      blame: 'provider',
      cause: refusal,
      context: { retryAfterMs: stoppingMs, mediaPipelineId: holder.MediaPipelineId, ...answerOf(refusal) },
    });
  }
  const since = holder.CreatedTimestamp?.toISOString();
  throw new OnRecordError(
    'conflict',
    `The meeting ${start.meetingId} is captured by ${holder.MediaPipelineId}${since ? ` since ${since}` : ''}, into ` +
      `${holder.SinkArn}: there is one capture per meeting.`,
    {
      retry: 'never',
      blame: 'caller',
      cause: refusal,
      remedy: 'Stop that capture, or record with it.',
      context: { mediaPipelineId: holder.MediaPipelineId, sinkArn: holder.SinkArn, ...answerOf(refusal) },
    },
  );
}

async function holderOf(
  clients: MeetingClients,
  { meetingId, sinkArn }: LimitedStart,
  signal: AbortSignal,
): Promise<MediaCapturePipeline | undefined> {
  let holder: MediaCapturePipeline | undefined;
  for await (const found of captures(clients, signal)) {
    if (found.SinkArn === sinkArn && found.Status !== 'Stopping') return found;
    const ofMeeting = found.SourceArn?.endsWith(`meeting:${meetingId}`) || found.SourceArn?.endsWith(`/${meetingId}`);
    if (ofMeeting && holder?.Status !== 'InProgress') holder = found;
  }
  return holder;
}

function full(refusal: unknown): OnRecordError {
  const told = refusal instanceof Error ? refusal.message : '';
  const meeting = told.includes('source arn');
  const message = meeting
    ? `The service says that the meeting is captured, and lists no capture of it: ${told}`
    : `The account has as many active media pipelines as it may have in the region: ${told}`;
  return new OnRecordError('quota-exceeded', message, {
    retry: 'safe',
    blame: 'provider',
    cause: refusal,
    ...(meeting ? {} : { remedy: 'Stop pipelines that nobody needs, or ask AWS for more (Service Quotas).' }),
    context: { retryAfterMs: meeting ? stoppingMs : quotaMs, ...answerOf(refusal) },
  });
}

/** What support at AWS asks for. */
function answerOf(refusal: unknown): {
  readonly requestId: string | undefined;
  readonly providerCode: string | undefined;
} {
  const { name, $metadata } = (refusal ?? {}) as {
    readonly name?: string;
    readonly $metadata?: { readonly requestId?: string };
  };
  return { requestId: $metadata?.requestId, providerCode: name };
}
