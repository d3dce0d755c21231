import type { ArtifactsConfiguration } from '@aws-sdk/client-chime-sdk-media-pipelines';
import type { Json, PartTarget } from '@onrecord/core';
import type { JoinedStream } from '../chunks/chunk-uri.ts';
import type { Survey } from '../chunks/survey.ts';
import type { MeetingVideo } from '../config.ts';

/** What a part's record says of its capture and its concatenation. */
export interface PartFacts {
  readonly video: MeetingVideo | undefined;
  /** As the capture was asked for. */
  readonly asked: Partial<ArtifactsConfiguration> | undefined;
  /** When the capture was created: epoch milliseconds. */
  readonly capturedSinceMs: number | undefined;
  readonly concatenationId: string | undefined;
  readonly attempt: number;
  /** When the running attempt was created: epoch milliseconds. */
  readonly sinceMs: number | undefined;
  /** When its end was first seen: epoch milliseconds. */
  readonly doneMs: number | undefined;
  /** A result that lacked something was made anew. */
  readonly repeated: boolean;
  /** The chunks that are joined here, where the service made no file of them. */
  readonly joinedHere: JoinedStream | undefined;
  /** What was found in these chunks so far. */
  readonly survey: Survey | undefined;
  /** When the bucket could not be read for the first time: epoch milliseconds. */
  readonly unreadSinceMs: number | undefined;
}

export function partFacts({ facts = {} }: Pick<PartTarget, 'facts'>): PartFacts {
  const { video, artifacts, capturedSince, concatenationId, concatenationAttempt, joinedHere, survey } = facts;
  const picture = video === 'active-speaker' || video === 'composited' ? video : undefined;
  return {
    video: picture,
    asked: isObject(artifacts) ? artifacts : askedBy(picture),
    capturedSinceMs: time(capturedSince),
    concatenationId: typeof concatenationId === 'string' ? concatenationId : undefined,
    attempt: typeof concatenationAttempt === 'number' ? concatenationAttempt : 1,
    sinceMs: time(facts['concatenationSince']),
    doneMs: time(facts['concatenationDone']),
    repeated: facts['concatenationRepeated'] === true,
    joinedHere: joinedHere === 'audio' || joinedHere === 'composited-video' ? joinedHere : undefined,
    survey: surveyIn(survey),
    unreadSinceMs: time(facts['bucketUnread']),
  };
}

/** Of a capture whose record does not hold its configuration. */
function askedBy(video: MeetingVideo | undefined): Partial<ArtifactsConfiguration> {
  return video === 'composited'
    ? { CompositedVideo: { GridViewConfiguration: { ContentShareLayout: undefined } } }
    : {};
}

function surveyIn(value: Json | undefined): Survey | undefined {
  if (!isObject(value)) return undefined;
  const { after, chunks, unreadable, audioMs } = value;
  if (typeof after !== 'string' || typeof chunks !== 'number') return undefined;
  return { after, chunks, unreadable: Number(unreadable ?? 0), audioMs: Number(audioMs ?? 0) };
}

function isObject(value: Json | undefined): value is { readonly [name: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function time(value: Json | undefined): number | undefined {
  const ms = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
}
