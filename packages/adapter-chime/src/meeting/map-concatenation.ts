import type {
  ArtifactsConfiguration,
  CreateMediaConcatenationPipelineCommandInput,
} from '@aws-sdk/client-chime-sdk-media-pipelines';
import type { MediaExpectation, MediaSighting, PartTarget, Track } from '@onrecord/core';
import { tagList } from './capture/tags.ts';
import type { CaptureStream } from './chunks/chunk-key.ts';
import { type Inventory, streamOf } from './chunks/inventory.ts';
import { resultFolder } from './concatenation/examine.ts';
import type { JoinedFile } from './concatenation/results.ts';
import { concatenationSettings } from './concatenation/settings.ts';
import type { ChimeMeetingConfig, MeetingVideo } from './config.ts';
import { partPrefix } from './map-capture.ts';

/** A capture whose chunks are to be joined. */
export interface ConcatenationPlan {
  readonly pipelineArn: string;
  readonly asked: Partial<ArtifactsConfiguration> | undefined;
  readonly present: ReadonlySet<CaptureStream> | undefined;
  readonly token: string;
  /** Key prefix of the results, without a slash at its end. */
  readonly destination: string;
}

/** Joins the chunks of one capture pipeline into one file of each kind. The source may be at most 30 days old. */
export function concatenationRequest(
  part: Pick<PartTarget, 'sessionId'>,
  plan: ConcatenationPlan,
  config: ChimeMeetingConfig,
): CreateMediaConcatenationPipelineCommandInput {
  const { asked, present } = plan;
  const { messages } = config.concatenation;
  return {
    Sources: [
      {
        Type: 'MediaCapturePipeline',
        MediaCapturePipelineSourceConfiguration: {
          MediaPipelineArn: plan.pipelineArn,
          ChimeSdkMeetingConfiguration: {
            ArtifactsConfiguration: concatenationSettings({ asked, present, messages }),
          },
        },
      },
    ],
    Sinks: [
      {
        Type: 'S3Bucket',
        S3BucketSinkConfiguration: { Destination: `arn:aws:s3:::${config.bucket}/${plan.destination}` },
      },
    ],
    ClientRequestToken: plan.token,
    Tags: tagList(part.sessionId, config.capture.tags ?? {}),
  };
}

/**
 * Beside the chunks, so that one prefix holds everything of a part; each attempt apart, since names of files in it need
 * not name their pipeline.
 */
export function destinationOf(
  part: Pick<PartTarget, 'sessionId' | 'partId'>,
  config: ChimeMeetingConfig,
  attempt: number | string = 1,
): string {
  return `${partPrefix(config, part)}/${resultFolder}${attempt === 1 ? '' : `-${attempt}`}`;
}

/**
 * Where a concatenation puts a file: below the prefix of its destination, and without a prefix below its own id.
 *
 * @see {@link https://docs.aws.amazon.com/chime-sdk/latest/dg/concat-structure.html}
 */
export function resultKey(
  prefix: string,
  concatenationId: string,
  artifact: 'audio' | 'composited-video' | 'meeting-events' | 'data-channel' | 'transcription-messages',
): string {
  const media = artifact === 'audio' || artifact === 'composited-video';
  return `${prefix === '' ? concatenationId : prefix}/${artifact}/${concatenationId}.${media ? 'mp4' : 'txt'}`;
}

/** The stream that is the recording. With composited video the voices are in it as well. */
export function masterStream(video: MeetingVideo | undefined): 'audio' | 'composited-video' {
  return video === 'composited' ? 'composited-video' : 'audio';
}

/** The file that a concatenation leaves behind, or the remux that stands in for it. */
export function masterAt(part: Pick<PartTarget, 'call'>, uri: string): MediaExpectation {
  return { uri, role: 'master', container: 'mp4', tracks: [everyone(part)] };
}

export function everyone({ call }: Pick<PartTarget, 'call'>): Track {
  return { from: 'everyone', relativeTo: call.key, offsetMs: 0, prompts: 'unknown' };
}

/** What else a concatenation left behind: cameras and shares by attendee, texts, and what nobody knows. */
export function sideFiles(
  part: Pick<PartTarget, 'call'>,
  files: readonly JoinedFile[],
  master: JoinedFile | undefined,
  inventory: Inventory,
  bucket: string,
  unreadable: ReadonlySet<JoinedFile> = new Set(),
): readonly MediaSighting[] {
  return files.flatMap((file): readonly MediaSighting[] => {
    if (file === master || file.bytes === 0) return [];
    const uri = `s3://${bucket}/${file.key}`;
    const known = { key: uri, uri, bytes: file.bytes };
    // Kept as it is: nobody will complete it, and the recording waits for no player to open it.
    if (unreadable.has(file)) return [{ ...known, role: 'metadata' }];
    switch (file.kind) {
      case 'text':
        return [{ ...known, role: 'metadata', mediaType: 'text/plain' }];
      case 'video':
      case 'content':
        return [{ ...known, role: 'track', container: 'mp4', tracks: [trackOf(part, file, inventory)] }];
      default:
        return [
          file.key.endsWith('.mp4') ? { ...known, role: 'derived', container: 'mp4' } : { ...known, role: 'metadata' },
        ];
    }
  });
}

/** Whose camera or share it is, and how much later than the voices it begins. */
function trackOf({ call }: Pick<PartTarget, 'call'>, file: JoinedFile, inventory: Inventory): Track {
  const { attendeeId, kind } = file;
  const own = inventory.streams.find((one) => one.stream === kind && one.attendeeId === attendeeId && one.chunks > 0);
  const voices = streamOf(inventory, 'audio');
  return {
    from: 'participant',
    ...(attendeeId === undefined ? {} : { participant: attendeeId }),
    relativeTo: call.key,
    offsetMs: own && voices ? Math.max(0, own.firstMs - voices.firstMs) : 0,
    prompts: 'absent',
  };
}
