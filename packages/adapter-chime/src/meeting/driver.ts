import {
  CreateMediaCapturePipelineCommand,
  DeleteMediaCapturePipelineCommand,
  GetMediaPipelineCommand,
} from '@aws-sdk/client-chime-sdk-media-pipelines';
import { GetMeetingCommand } from '@aws-sdk/client-chime-sdk-meetings';
import {
  type CallRef,
  type Classification,
  type CommandToken,
  type DriverContext,
  type InboundRequest,
  OnRecordError,
  type Outcome,
  type Parsed,
  type PartTarget,
  type RecordingDriver,
  type Report,
  type Seen,
  type StartPlan,
  timestamp,
} from '@onrecord/core';
import { classifyAwsError, isNotFound } from '../aws/classify-error.ts';
import { readMeeting } from './call-ref.ts';
import { type ChimeMeetingCapabilities, chimeMeetingCapabilities } from './capabilities.ts';
import { MeetingClientPool, type MeetingClients } from './client.ts';
import { type ChimeMeetingConfig, type ChimeMeetingOptions, resolveMeetingConfig } from './config.ts';
import { parseEvent } from './events.ts';
import { finalize } from './finalize.ts';
import { findCapture } from './find-capture.ts';
import { captureKey, handleOf, knownHandle } from './handle.ts';
import { captureRequest, sinkArn, videoOf } from './map-capture.ts';
import { seenGone, seenInStatus } from './map-status.ts';

/** The SDK clients beneath the driver: the escape hatch. */
export interface ChimeMeetingNative {
  /** The clients for a control region; default the configured one. */
  clients(region?: string): MeetingClients;
}

/**
 * Records Chime SDK meetings with media capture pipelines. A pipeline writes chunks into the bucket as long as it lives;
 * once it has stopped, a concatenation pipeline makes one file of them ({@link doFinalize}).
 *
 * @see {@link https://docs.aws.amazon.com/chime-sdk/latest/dg/media-capture.html}
 */
export class ChimeMeetingDriver implements RecordingDriver<ChimeMeetingCapabilities, ChimeMeetingNative> {
  readonly spec = 'onrecord.driver/v1';
  readonly type = 'chime-meeting';
  readonly capabilities: ChimeMeetingCapabilities = chimeMeetingCapabilities;
  readonly #config: ChimeMeetingConfig;
  readonly #pool: MeetingClientPool;

  /** @throws OnRecordError `invalid-request` that lists every problem of the options. */
  constructor(options: ChimeMeetingOptions) {
    this.#config = resolveMeetingConfig(options);
    this.#pool = new MeetingClientPool(this.#config);
  }

  /** Accepted while the pipeline initializes; capture begins with MediaPipelineInProgress. */
  async doStart(plan: StartPlan, { signal, clock }: DriverContext): Promise<Outcome> {
    const request = captureRequest(plan, this.#config);
    const { MediaCapturePipeline: made } = await this.#clients(plan.call).pipelines.send(
      new CreateMediaCapturePipelineCommand(request),
      { abortSignal: signal },
    );
    return this.#started(plan, handleOf(made), timestamp(clock.now()));
  }

  /**
   * Deleting is stopping: nothing that was captured goes away. The reason of the end is told here, because the pipeline
   * takes a while, and a meeting that ends meanwhile would be taken for it.
   */
  async doStop(part: PartTarget, command: CommandToken, { signal, clock }: DriverContext): Promise<Outcome> {
    const handle = knownHandle(part);
    if (!handle) {
      throw new OnRecordError('invalid-state', `The pipeline of ${part.correlation} is not known yet.`, {
        retry: 'safe',
        blame: 'provider',
      });
    }
    const cause = { commandId: command.commandId };
    const name = `stop/${command.commandId}`;
    const answered = (seen: Seen) => observation(part, name, seen, cause, 'answer', timestamp(clock.now()));
    try {
      await this.#clients(part.call).pipelines.send(
        new DeleteMediaCapturePipelineCommand({ MediaPipelineId: handle.pipelineId }),
        { abortSignal: signal },
      );
      return { kind: 'accepted', reports: [answered({ endReason: 'requested' })] };
    } catch (error) {
      if (!isNotFound(error)) throw error;
      return { kind: 'done', reports: [answered(seenGone)] };
    }
  }

  /** A pipeline that stopped by itself did so with its meeting, or failed. */
  async doStatus(
    part: PartTarget,
    poll: { readonly pollId: string; readonly asOfOrdinal: number },
    { signal, clock }: DriverContext,
  ): Promise<readonly Report[]> {
    const handle = knownHandle(part);
    if (!handle) return [];
    let seen = await this.#statusOf(part.call, handle.pipelineId, signal);
    if (!seen) return [];
    if (seen.ended && seen.endReason === undefined) {
      const over = await this.#isOver(readMeeting(part.call).meetingId, part.call.region, signal);
      if (over) seen = { ...seen, endReason: 'call-ended' };
    }
    const cause = { asOfOrdinal: poll.asOfOrdinal };
    return [observation(part, `poll/${poll.pollId}`, seen, cause, 'poll', timestamp(clock.now()))];
  }

  /** By the sink, which holds the ids of session and part. */
  async doFind(plan: StartPlan, { signal, clock }: DriverContext): Promise<Outcome | 'absent'> {
    const found = await findCapture(this.#clients(plan.call), sinkArn(this.#config, plan), signal);
    return found ? this.#started(plan, handleOf(found), timestamp(clock.now())) : 'absent';
  }

  doFinalize(
    part: PartTarget,
    step: { readonly stepId: string; readonly token: string; readonly asOfOrdinal: number },
    context: DriverContext,
  ): Promise<Outcome> {
    const now = timestamp(context.clock.now());
    const cause = { asOfOrdinal: step.asOfOrdinal };
    return finalize(
      this.#clients(part.call),
      part,
      step,
      this.#config,
      (name, seen) => observation(part, name, seen, cause, 'poll', now),
      context,
    );
  }

  parse(request: InboundRequest, context: DriverContext): Promise<Parsed> {
    return parseEvent(request, context, this.#config, ({ meetingId, region }, signal) =>
      this.#isOver(meetingId, region, signal),
    );
  }

  /** Every request may be repeated with its token; the others are harmless twice. */
  classifyError(error: unknown): Classification {
    return classifyAwsError(error, 'only-with-same-key');
  }

  native(): ChimeMeetingNative {
    return { clients: (region) => this.#pool.in(region) };
  }

  async close(): Promise<void> {
    this.#pool.close();
  }

  #clients(call: CallRef): MeetingClients {
    return this.#pool.in(call.region);
  }

  #started(plan: StartPlan, handle: ReturnType<typeof handleOf>, now: string): Outcome {
    const video = videoOf(plan, this.#config);
    const cause = { commandId: plan.command.commandId };
    const facts = video === undefined ? [] : [observation(plan, 'started', { facts: { video } }, cause, 'answer', now)];
    return { kind: 'accepted', handle, providerKeys: [captureKey(handle.pipelineId)], reports: facts };
  }

  async #statusOf(call: CallRef, pipelineId: string, signal: AbortSignal): Promise<Seen | undefined> {
    try {
      const { MediaPipeline } = await this.#clients(call).pipelines.send(
        new GetMediaPipelineCommand({ MediaPipelineId: pipelineId }),
        { abortSignal: signal },
      );
      return seenInStatus(MediaPipeline?.MediaCapturePipeline?.Status);
    } catch (error) {
      if (isNotFound(error)) return seenGone;
      throw error;
    }
  }

  /** Undefined when the service cannot be asked: the reason of an end is worth no failure. */
  async #isOver(meetingId: string, region: string | undefined, signal: AbortSignal): Promise<boolean | undefined> {
    try {
      await this.#pool
        .in(region)
        .meetings.send(new GetMeetingCommand({ MeetingId: meetingId }), { abortSignal: signal });
      return false;
    } catch (error) {
      return isNotFound(error) ? true : undefined;
    }
  }
}

function observation(
  part: Pick<PartTarget, 'correlation'>,
  name: string,
  seen: Seen,
  cause: Report['cause'],
  via: Report['via'],
  now: string,
): Report {
  return {
    reportId: `chime-meeting/${part.correlation}/${name}`,
    subject: { correlation: part.correlation },
    seen,
    cause,
    clock: { domain: 'ours', at: now },
    via,
    receivedAt: now,
  };
}

/**
 * A driver for media capture of Chime SDK meetings.
 *
 * @throws OnRecordError `invalid-request` that lists every problem of the options.
 * @example
 * ```ts
 * const recorder = createRecorder(chimeMeeting({ region: 'us-east-1', bucket: 'recordings' }), {
 *   emulate: ['pause-by-segments'],
 *   landing: s3({ bucket: 'recordings', region: 'us-east-1' }),
 * });
 * ```
 */
export function chimeMeeting(options: ChimeMeetingOptions): ChimeMeetingDriver {
  return new ChimeMeetingDriver(options);
}
