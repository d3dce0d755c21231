import type {
  ArtifactsConfiguration,
  CreateMediaCapturePipelineCommandInput,
} from '@aws-sdk/client-chime-sdk-media-pipelines';
import { OnRecordError, type PartTarget, type StartPlan } from '@onrecord/core';
import { meetingArn, readMeeting } from './call-ref.ts';
import type { ChimeMeetingConfig, MeetingVideo } from './config.ts';

/** Options of a single start; more than these are refused. */
export interface ChimeMeetingStartOptions {
  readonly video?: MeetingVideo | undefined;
}

/** Where a part's chunks go. No key of a chunk names its pipeline, so every part has a prefix of its own. */
export function partPrefix(config: ChimeMeetingConfig, part: Pick<PartTarget, 'sessionId' | 'partId'>): string {
  return [config.prefix, part.sessionId, part.partId].filter((segment) => segment !== '').join('/');
}

export function sinkArn(config: ChimeMeetingConfig, part: Pick<PartTarget, 'sessionId' | 'partId'>): string {
  return `arn:aws:s3:::${config.bucket}/${partPrefix(config, part)}`;
}

/** @throws OnRecordError `invalid-request` for unknown provider options and meetings of an unknown account. */
export function captureRequest(plan: StartPlan, config: ChimeMeetingConfig): CreateMediaCapturePipelineCommandInput {
  const video = videoOf(plan, config);
  return {
    SourceType: 'ChimeSdkMeeting',
    SourceArn: meetingArn(readMeeting(plan.call), config.accountId),
    SinkType: 'S3Bucket',
    SinkArn: sinkArn(config, plan),
    ClientRequestToken: plan.command.token,
    ChimeSdkMeetingConfiguration: { ArtifactsConfiguration: artifacts(video) },
    Tags: [{ Key: 'onrecord:session', Value: plan.sessionId }],
  };
}

/** The picture of a recording; undefined for one without. */
export function videoOf(
  plan: Pick<StartPlan, 'output' | 'providerOptions'>,
  config: ChimeMeetingConfig,
): MeetingVideo | undefined {
  const { video = config.video, ...unknown } = plan.providerOptions ?? {};
  const names = Object.keys(unknown);
  if (names.length > 0 || (video !== 'active-speaker' && video !== 'composited')) {
    const what = names.length > 0 ? `no ${names.join(', ')}` : 'video: active-speaker or composited';
    throw new OnRecordError('invalid-request', `Recording a meeting takes ${what} as provider options.`);
  }
  return plan.output.media === 'audio-video' ? video : undefined;
}

/** Audio cannot be left out; attendees' own videos and content shares always are. */
function artifacts(video: MeetingVideo | undefined): ArtifactsConfiguration {
  const without = { Video: { State: 'Disabled' }, Content: { State: 'Disabled' } } as const;
  switch (video) {
    case undefined:
      return { Audio: { MuxType: 'AudioOnly' }, ...without };
    case 'active-speaker':
      return { Audio: { MuxType: 'AudioWithActiveSpeakerVideo' }, ...without };
    case 'composited':
      return {
        Audio: { MuxType: 'AudioWithCompositedVideo' },
        ...without,
        CompositedVideo: {
          Layout: 'GridView',
          Resolution: 'HD',
          GridViewConfiguration: { ContentShareLayout: 'PresenterOnly' },
        },
      };
  }
}
