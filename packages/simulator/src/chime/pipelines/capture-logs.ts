import type { Clock } from '@onrecord/core';
import type { Happening } from '../meetings/happening.ts';
import { LineLog, lineTime } from './line-log.ts';
import type { ResolvedPipelineOptions } from './pipeline-options.ts';

export type TextArtifact = 'meeting-events' | 'data-channel' | 'transcription-messages';

export const TEXT_ARTIFACTS: readonly TextArtifact[] = ['data-channel', 'meeting-events', 'transcription-messages'];

/** Names of microphone events: the documentation has other ones than the files that were seen. */
const MUTES = {
  AudioTrackMute: { Muted: 'AudioTrackMute', Unmuted: 'AudioTrackUnmute' },
  AttendeeMute: { Muted: 'AttendeeMute', Unmuted: 'AttendeeUnmute' },
} as const;

/** The text artifacts of a capture. They are written whatever is configured. */
export class CaptureLogs {
  readonly #clock: Clock;
  readonly #options: ResolvedPipelineOptions;
  readonly #logs: Readonly<Record<TextArtifact, LineLog>> = {
    'meeting-events': new LineLog(),
    'data-channel': new LineLog(),
    'transcription-messages': new LineLog(),
  };

  constructor(clock: Clock, options: ResolvedPipelineOptions) {
    this.#clock = clock;
    this.#options = options;
  }

  /** The text of the next file of an artifact; undefined when there is none to write. */
  take(artifact: TextArtifact): string | undefined {
    return this.#logs[artifact].take();
  }

  started(): void {
    this.#event('CaptureStarted');
  }

  /** The last line of all, unless an option leaves it out. */
  ended(): void {
    if (this.#options.captureEnded === 'written') this.#event('CaptureEnded');
  }

  add(happening: Happening): void {
    const Timestamp = lineTime(this.#clock.now());
    switch (happening.type) {
      case 'Message': {
        const { topic: Topic, data: Data, attendeeId: SenderAttendeeId } = happening;
        this.#logs['data-channel'].add({ Timestamp, Topic, Data, SenderAttendeeId });
        break;
      }
      case 'Transcript':
        this.#logs['transcription-messages'].add(happening.line);
        break;
      case 'Muted':
      case 'Unmuted':
        this.#event(MUTES[this.#options.muteEvents][happening.type], happening.attendeeId);
        break;
      default:
        this.#event(happening.type, happening.attendeeId);
    }
  }

  #event(EventType: string, attendeeId?: string): void {
    const Timestamp = lineTime(this.#clock.now());
    const about = attendeeId === undefined ? {} : { EventParameters: { AttendeeId: attendeeId, MediaModality: '' } };
    this.#logs['meeting-events'].add({ Timestamp, EventType, ...about });
  }
}
