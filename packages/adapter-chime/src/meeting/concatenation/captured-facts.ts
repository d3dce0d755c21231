import type { MediaCapturePipeline } from '@aws-sdk/client-chime-sdk-media-pipelines';
import type { Json, StartPlan } from '@onrecord/core';
import type { ChimeMeetingConfig } from '../config.ts';
import { captureRequest, videoOf } from '../map-capture.ts';

/** What is noted of a capture for the time when its chunks are joined: what was asked for, and since when. */
export function capturedFacts(
  plan: StartPlan,
  pipeline: MediaCapturePipeline | undefined,
  config: ChimeMeetingConfig,
): { readonly [name: string]: Json } {
  const video = videoOf(plan, config);
  const asked = captureRequest(plan, config).ChimeSdkMeetingConfiguration?.ArtifactsConfiguration;
  const since = pipeline?.CreatedTimestamp?.toISOString();
  return {
    ...(video === undefined ? {} : { video }),
    ...(asked === undefined ? {} : { artifacts: JSON.parse(JSON.stringify(asked)) as Json }),
    ...(since === undefined ? {} : { capturedSince: since }),
  };
}
