import type { Answer } from '../../http/index.ts';
import type { CallDirectory } from '../call/call-directory.ts';
import type { PlayFailure } from '../call/prompt-source.ts';
import { ApiError, jsonAnswer, notEstablished, notFound, terminated } from '../server/api-error.ts';
import { startAnswer } from '../server/start-answer.ts';
import type { AzureWorld } from '../world.ts';
import { Recording } from './recording.ts';
import type { RecordingFiles } from './recording-files.ts';
import { recordingOrder } from './recording-order.ts';

/** What a start of Teams Phone leaves open, where nothing else is recorded. */
const audioWav = { recordingContentType: 'audio', recordingFormatType: 'wav' } as const;

/** The recording operations of the API, on requests whose fields and credentials were checked. */
export class Recordings {
  readonly #world: AzureWorld;
  readonly #calls: CallDirectory;
  readonly #files: RecordingFiles;
  readonly #recordings = new Map<string, Recording>();
  readonly #failures: PlayFailure[] = [];

  constructor(world: AzureWorld, calls: CallDirectory, files: RecordingFiles) {
    this.#world = world;
    this.#calls = calls;
    this.#files = files;
  }

  /** Ids of all recordings that a start began, oldest first. */
  get ids(): readonly string[] {
    return [...this.#recordings.keys()];
  }

  /** The next start is answered 202 and fails when it settles. */
  failNextStart(failure: PlayFailure): void {
    this.#failures.push(failure);
  }

  /** See {@link Recording.failOver}. @throws RangeError for an id of no recording. */
  failOver(id: string): void {
    const recording = this.#find(id);
    if (!recording) throw new RangeError(`There is no recording ${id} in this simulator.`);
    recording.failOver();
  }

  start(body: Readonly<Record<string, unknown>>): Answer {
    const asked = recordingOrder(body);
    const call = this.#calls.recordable(body);
    const audioOnly = call.profile === 'teams-phone' && this.#world.behaviour.teamsPhoneOutputs === 'audio-wav';
    const order = audioOnly ? recordingOrder({ ...body, ...audioWav }) : asked;
    for (const other of this.#recordings.values()) {
      if (other.call.serverCallId === call.serverCallId && !other.over) throw this.#duplicate();
    }
    const recording = new Recording(this.#world, call, order, (source, captures) =>
      this.#files.expect(source, captures),
    );
    this.#recordings.set(recording.id, recording);
    call.whenOver(() => recording.finishWithCall());
    call.whenLeft(() => recording.finishWithInitiator());
    const failure = this.#failures.shift();
    recording.start(failure);
    const { id: recordingId, kind: recordingKind, state: recordingState } = recording;
    const started = { recordingId, recordingState, recordingKind };
    return startAnswer(started, call.profile, this.#world.behaviour, failure !== undefined);
  }

  get(id: string): Answer {
    const recording = this.#find(id);
    if (!recording?.known) throw this.#gone(recording);
    return jsonAnswer(200, { recordingId: recording.id, recordingState: recording.state });
  }

  stop(id: string): Answer {
    this.#commandable(id).stop();
    return { status: 204 };
  }

  pause(id: string): Answer {
    this.#commandable(id).pause();
    return { status: 202 };
  }

  resume(id: string): Answer {
    this.#commandable(id).resume();
    return { status: 202 };
  }

  /** With or without padding: the service's own examples carry it, its answers do not. */
  #find(id: string): Recording | undefined {
    return this.#recordings.get(id.replace(/=+$/, ''));
  }

  #commandable(id: string): Recording {
    const recording = this.#find(id);
    if (!recording?.commandable) throw this.#gone(recording);
    return recording;
  }

  #gone(recording: Recording | undefined): ApiError {
    const { endedWithCall, endedAtLimit } = this.#world.behaviour;
    const code = { call: endedWithCall, limit: endedAtLimit, none: '8522' }[recording?.endedBy ?? 'none'];
    if (code === '8501') return notEstablished();
    if (code === '8515') return new ApiError(400, code, 'The maximum duration of the recording was reached.');
    return code === '8528' ? terminated() : notFound('Recording');
  }

  #duplicate(): ApiError {
    const code = this.#world.behaviour.duplicateStart;
    const message =
      code === '8559'
        ? 'Duplicate start recording request, recording already initiated or in progress.'
        : 'Duplicate recording: a recording of this call is in progress.';
    return new ApiError(400, code, message);
  }
}
