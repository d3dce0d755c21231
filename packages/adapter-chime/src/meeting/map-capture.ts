import type {
  ArtifactsConfiguration,
  ChimeSdkMeetingConfiguration,
  CreateMediaCapturePipelineCommandInput,
} from '@aws-sdk/client-chime-sdk-media-pipelines';
import { OnRecordError, type PartTarget, type StartPlan } from '@onrecord/core';
import { meetingArn, readMeeting } from './call-ref.ts';
import { encryptionMembers } from './capture/encryption.ts';
import type { LimitedStart } from './capture/limit-reached.ts';
import { withoutPipelines } from './capture/regions.ts';
import { type ChimeMeetingStartOptions, type MeetingVideo, readStartOptions } from './capture/start-options.ts';
import { tagList } from './capture/tags.ts';
import type { ChimeMeetingConfig } from './config.ts';

/** Longest ARN that the service takes. */
const longestArn = 1024;

/** Where a part's chunks go. No key of a chunk names its pipeline, so every part has a prefix of its own. */
export function partPrefix(config: ChimeMeetingConfig, part: Pick<PartTarget, 'sessionId' | 'partId'>): string {
  return [config.prefix, part.sessionId, part.partId].filter((segment) => segment !== '').join('/');
}

export function sinkArn(config: ChimeMeetingConfig, part: Pick<PartTarget, 'sessionId' | 'partId'>): string {
  return `arn:aws:s3:::${config.bucket}/${partPrefix(config, part)}`;
}

/** What tells whose capture a meeting has already. */
export function limitedStart(plan: StartPlan, config: ChimeMeetingConfig, now: number): LimitedStart {
  const sink = sinkArn(config, plan);
  const sessionArn = sink.slice(0, -plan.partId.length - 1);
  return {
    meetingId: readMeeting(plan.call).meetingId,
    sinkArn: sink,
    sessionArn,
    // Whoever sends it again may have a clock that is behind.
    repeated: now !== Date.parse(plan.command.firstSentAt),
  };
}

/**
 * The request of a capture.
 *
 * @throws OnRecordError `invalid-request` that lists what is wrong with the provider options, and for meetings of an
 * unknown account; `unsupported` in a region without media pipelines.
 */
export function captureRequest(plan: StartPlan, config: ChimeMeetingConfig): CreateMediaCapturePipelineCommandInput {
  const wanted = wantedOf(plan, config);
  const region = plan.call.region ?? config.region;
  const nowhere = withoutPipelines(region, config.capture.regions);
  if (nowhere) {
    throw new OnRecordError('unsupported', nowhere, { remedy: 'The option regions overrides the list.' });
  }
  const SinkArn = sinkArn(config, plan);
  if (SinkArn.length > longestArn) {
    throw new OnRecordError('invalid-request', `prefix: the ARN of the sink has more than ${longestArn} characters.`);
  }
  return {
    SourceType: 'ChimeSdkMeeting',
    SourceArn: meetingArn(readMeeting(plan.call), config.accountId),
    SinkType: 'S3Bucket',
    SinkArn,
    ClientRequestToken: plan.command.token,
    ChimeSdkMeetingConfiguration: configurationOf(wanted),
    ...encryptionMembers(config.capture.encryption),
    Tags: tagList(plan.sessionId, wanted.tags ?? {}),
  };
}

/** The picture of a recording; undefined for one without. */
export function videoOf(
  plan: Pick<StartPlan, 'output' | 'providerOptions'>,
  config: ChimeMeetingConfig,
): MeetingVideo | undefined {
  return wantedOf(plan, config).picture;
}

/** What one start captures: its own options over those of the driver. */
type Wanted = Omit<ChimeMeetingStartOptions, 'video'> & { readonly picture: MeetingVideo | undefined };

function wantedOf(plan: Pick<StartPlan, 'output' | 'providerOptions'>, { capture }: ChimeMeetingConfig): Wanted {
  const own = readStartOptions(plan.providerOptions);
  const seen = plan.output.media === 'audio-video';
  const video = own.video ?? (own.compositedVideo ? 'composited' : capture.video);
  if (!seen && (own.video !== undefined || own.compositedVideo !== undefined)) {
    throw new OnRecordError('invalid-request', 'providerOptions: video and compositedVideo belong to audio-video.', {
      remedy: 'Ask for the output audio-video/mixed/mp4, or leave them out.',
    });
  }
  const { cameras = capture.cameras, content = capture.content, select = capture.select } = own;
  if (own.select !== undefined && !cameras && !(seen && video === 'composited')) {
    throw new OnRecordError(
      'invalid-request',
      'providerOptions.select: no camera is captured that could be selected.',
      {
        remedy: "Set cameras, or video: 'composited' with an output of audio-video.",
      },
    );
  }
  return {
    picture: seen ? video : undefined,
    compositedVideo: own.compositedVideo ?? capture.compositedVideo,
    cameras,
    content,
    select,
    tags: { ...capture.tags, ...own.tags },
  };
}

function configurationOf(wanted: Wanted): ChimeSdkMeetingConfiguration {
  const shown = wanted.cameras || wanted.picture === 'composited';
  const { attendeeIds, externalUserIds } = wanted.select ?? {};
  const selected = {
    ...(attendeeIds ? { AttendeeIds: [...attendeeIds] } : {}),
    ...(externalUserIds ? { ExternalUserIds: [...externalUserIds] } : {}),
  };
  return {
    ...(shown && wanted.select ? { SourceConfiguration: { SelectedVideoStreams: selected } } : {}),
    ArtifactsConfiguration: artifactsOf(wanted),
  };
}

/** Audio cannot be left out. */
function artifactsOf({ picture, compositedVideo, cameras, content }: Wanted): ArtifactsConfiguration {
  const single = {
    Video: cameras ? ({ State: 'Enabled', MuxType: 'VideoOnly' } as const) : ({ State: 'Disabled' } as const),
    Content: content ? ({ State: 'Enabled', MuxType: 'ContentOnly' } as const) : ({ State: 'Disabled' } as const),
  };
  switch (picture) {
    case undefined:
      return { Audio: { MuxType: 'AudioOnly' }, ...single };
    case 'active-speaker':
      return { Audio: { MuxType: 'AudioWithActiveSpeakerVideo' }, ...single };
    case 'composited':
      return {
        Audio: { MuxType: 'AudioWithCompositedVideo' },
        ...single,
        CompositedVideo: {
          Layout: 'GridView',
          Resolution: 'HD',
          GridViewConfiguration: { ContentShareLayout: 'PresenterOnly' },
          ...compositedVideo,
        },
      };
  }
}
