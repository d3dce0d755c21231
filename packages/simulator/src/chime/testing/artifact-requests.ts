import type { CreateMediaCapturePipelineCommandInput } from '@aws-sdk/client-chime-sdk-media-pipelines';
import type { MeetingScene } from './meeting-scene.ts';
import { DISABLED, keysOf } from './pipeline-requests.ts';

const ENABLED = { State: 'Enabled' } as const;

/** All settings of a concatenation that can be switched. */
export const ALL_JOINED = {
  Video: ENABLED,
  Content: ENABLED,
  DataChannel: ENABLED,
  TranscriptionMessages: ENABLED,
  CompositedVideo: ENABLED,
} as const;

/** Whose cameras a capture is asked for. */
export interface Selection {
  readonly AttendeeIds?: string[];
  readonly ExternalUserIds?: string[];
}

/** Everything that a capture can be asked for. */
export function everything(selected?: Selection): Partial<CreateMediaCapturePipelineCommandInput> {
  return {
    ChimeSdkMeetingConfiguration: {
      ...(selected ? { SourceConfiguration: { SelectedVideoStreams: { ...selected } } } : {}),
      ArtifactsConfiguration: {
        Audio: { MuxType: 'AudioWithCompositedVideo' },
        Video: { ...ENABLED, MuxType: 'VideoOnly' },
        Content: { ...ENABLED, MuxType: 'ContentOnly' },
        CompositedVideo: { GridViewConfiguration: { ContentShareLayout: 'PresenterOnly' } },
      },
    },
  };
}

/** The voices, and each camera. */
export const WITH_CAMERAS: Partial<CreateMediaCapturePipelineCommandInput> = {
  ChimeSdkMeetingConfiguration: {
    ArtifactsConfiguration: { Audio: { MuxType: 'AudioOnly' }, Video: ENABLED, Content: DISABLED },
  },
};

/** Names of the files in a folder of a capture or a concatenation. */
export function namesIn(scene: MeetingScene, bucket: string, folder: string): readonly (string | undefined)[] {
  return keysOf(scene, bucket)
    .filter((key) => key.includes(`/${folder}/`))
    .map((key) => key.split('/').at(-1));
}

/** The lines of all files in a folder of text. */
export function linesIn(scene: MeetingScene, bucket: string, folder: string): readonly Record<string, unknown>[] {
  return scene.s3
    .list(bucket)
    .filter(({ key }) => key.includes(`/${folder}/`))
    .flatMap(({ bytes }) => Buffer.from(bytes).toString().trim().split('\n'))
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
