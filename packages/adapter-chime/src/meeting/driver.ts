import type { MediaCapturePipeline } from '@aws-sdk/client-chime-sdk-media-pipelines';
import {
  type Artifact,
  type CallRef,
  type Classification,
  type CommandToken,
  type DriverContext,
  type InboundRequest,
  type JsonObject,
  OnRecordError,
  type OpenedMedia,
  type Outcome,
  type Parsed,
  type PartTarget,
  type RecordingDriver,
  type Report,
  type Seen,
  type StartPlan,
  timestamp,
} from '@onrecord/core';
import { classifyAwsError } from '../aws/classify-error.ts';
import { readMeeting } from './call-ref.ts';
import { type ChimeMeetingCapabilities, chimeMeetingCapabilities, lacks } from './capabilities.ts';
import { captureStatus, createCapture, meetingIsOver, stopCapture } from './capture/capture-requests.ts';
import { readStartOptions } from './capture/start-options.ts';
import { S3ChunkSource } from './chunks/s3-chunk-source.ts';
import { MeetingClientPool, type MeetingClients } from './client.ts';
import { capturedFacts } from './concatenation/captured-facts.ts';
import { type MeetingChunks, meetingChunks } from './concatenation/meeting-chunks.ts';
import { ConcatenationSlots } from './concatenation/slots.ts';
import { type ChimeMeetingConfig, type ChimeMeetingOptions, resolveMeetingConfig } from './config.ts';
import { type MeetingProbe, parseEvents } from './events.ts';
import { finalize } from './finalize.ts';
import { findCapture } from './find-capture.ts';
import { captureKey, handleOf, knownHandle } from './handle.ts';
import { sinkArn } from './map-capture.ts';
import { seenGone } from './map-status.ts';
import { observation } from './observation.ts';
import { openChunks } from './open-chunks.ts';
import { MeetingRosters } from './roster/rosters.ts';
import { MeetingSides } from './sides/meeting-sides.ts';

/** The SDK clients beneath the driver, and what it does with chunks: the escape hatch. */
export interface ChimeMeetingNative extends MeetingChunks {
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
  readonly lacks: typeof lacks = lacks;
  readonly #config: ChimeMeetingConfig;
  readonly #pool: MeetingClientPool;
  readonly #bucket: S3ChunkSource;
  readonly #slots: ConcatenationSlots;
  readonly #rosters: MeetingRosters;
  readonly #sides: MeetingSides;

  /** @throws OnRecordError `invalid-request` that lists every problem of the options. */
  constructor(options: ChimeMeetingOptions) {
    this.#config = resolveMeetingConfig(options);
    this.#pool = new MeetingClientPool(this.#config);
    this.#rosters = new MeetingRosters(this.#config.capture.reconnectGraceMs);
    const { region, credentials, bucket, s3, concatenation } = this.#config;
    this.#bucket = new S3ChunkSource({
      ...s3,
      bucket,
      region: s3.region ?? region,
      credentials: s3.credentials ?? credentials,
    });
    this.#slots = new ConcatenationSlots({ most: concatenation.maxActive, keptMs: concatenation.giveUpAfterMs });
    this.#sides = new MeetingSides({
      config: this.#config,
      client: (call) => this.#clients(call).pipelines,
      isOver: (call, signal) => this.#isOver(call, signal),
    });
  }

  warnings(): readonly string[] {
    if (this.#config.eventSecrets.length > 0) return [];
    return [
      'Without events.secret no event of a meeting is taken over HTTP: start, stop and files are asked for instead.',
    ];
  }

  /** What is wrong is not stored: an address that somebody gives for the name of a live output is a secret. */
  checkOptions(options: JsonObject): void {
    this.#sides.checkOptions(options);
    readStartOptions(options);
  }

  /** Accepted while the pipeline initializes; capture begins with MediaPipelineInProgress. */
  async doStart(plan: StartPlan, context: DriverContext): Promise<Outcome> {
    this.#sides.check(plan);
    const made = await createCapture(this.#clients(plan.call), plan, this.#config, context);
    return this.#started(plan, made, context);
  }

  /**
   * Deleting is stopping: nothing that was captured goes away. The reason of the end is told here, because the pipeline
   * takes a while, and a meeting that ends meanwhile would be taken for it.
   */
  async doStop(part: PartTarget, command: CommandToken, context: DriverContext): Promise<Outcome> {
    const { signal, clock } = context;
    const handle = knownHandle(part);
    if (!handle) {
      throw new OnRecordError('invalid-state', `The pipeline of ${part.correlation} is not known yet.`, {
        retry: 'safe',
        blame: 'provider',
      });
    }
    const cause = { commandId: command.commandId };
    const observe = (what: string, seen: Seen) =>
      observation(part, what, seen, cause, 'answer', timestamp(clock.now()));
    const gone = (await stopCapture(this.#clients(part.call), handle.pipelineId, signal)) === 'gone';
    const report = observe(`stop/${command.commandId}`, gone ? seenGone : { endReason: 'requested' });
    return this.#sides.end(part, { kind: gone ? 'done' : 'accepted', reports: [report] }, observe, context);
  }

  /** A pipeline that stopped by itself did so with its meeting, or failed. */
  async doStatus(
    part: PartTarget,
    poll: { readonly pollId: string; readonly asOfOrdinal: number },
    context: DriverContext,
  ): Promise<readonly Report[]> {
    const { signal, clock } = context;
    const handle = knownHandle(part);
    if (!handle) return [];
    let seen = await captureStatus(this.#clients(part.call), handle.pipelineId, signal);
    if (seen?.ended && seen.endReason === undefined) {
      const over = await this.#isOver(part.call, signal);
      if (over) seen = { ...seen, endReason: 'call-ended' };
    }
    const cause = { asOfOrdinal: poll.asOfOrdinal };
    const observe = (name: string, what: Seen) => observation(part, name, what, cause, 'poll', timestamp(clock.now()));
    const own = seen ? [observe(`poll/${poll.pollId}`, seen)] : [];
    return [...own, ...(await this.#sides.attend(part, seen, observe, context))];
  }

  /** By the sink, which holds the ids of session and part. */
  async doFind(plan: StartPlan, context: DriverContext): Promise<Outcome | 'absent'> {
    const found = await findCapture(this.#clients(plan.call), sinkArn(this.#config, plan), context.signal);
    return found ? this.#started(plan, found, context) : 'absent';
  }

  async doFinalize(
    part: PartTarget,
    step: { readonly stepId: string; readonly token: string; readonly asOfOrdinal: number },
    context: DriverContext,
  ): Promise<Outcome> {
    const now = timestamp(context.clock.now());
    const cause = { asOfOrdinal: step.asOfOrdinal };
    const observe = (name: string, seen: Seen) => observation(part, name, seen, cause, 'poll', now);
    const beside = await this.#sides.finish(part, observe, context);
    if (part.failed) return beside({ kind: 'done', reports: [] });
    const outcome = await finalize({
      clients: this.#clients(part.call),
      bucket: this.#bucket,
      slots: this.#slots,
      config: this.#config,
      part,
      step,
      observe,
      context,
    });
    return beside(outcome);
  }

  /** Chunks, as the one file that is joined of them: where the service made none. What it made lies in the bucket. */
  async doOpenArtifact(
    artifact: Artifact,
    options: { readonly range?: { readonly first: number } | undefined; readonly access?: JsonObject | undefined },
    { signal }: DriverContext,
  ): Promise<OpenedMedia> {
    return openChunks({ bucket: this.#bucket, config: this.#config }, artifact, options, signal);
  }

  parse(request: InboundRequest, context: DriverContext): Promise<Parsed> {
    const isOver: MeetingProbe = ({ meetingId, region }, signal) =>
      meetingIsOver(this.#pool.in(region), meetingId, signal);
    return parseEvents(request, { context, config: this.#config, isOver, rosters: this.#rosters });
  }

  /** Every request may be repeated with its token; the others are harmless twice. */
  classifyError(error: unknown): Classification {
    return classifyAwsError(error, 'only-with-same-key');
  }

  native(): ChimeMeetingNative {
    const clients = (region?: string) => this.#pool.in(region);
    return { clients, ...meetingChunks({ clients, bucket: this.#bucket, config: this.#config }) };
  }

  async close(): Promise<void> {
    this.#pool.close();
    await this.#bucket.close();
  }

  #clients(call: CallRef): MeetingClients {
    return this.#pool.in(call.region);
  }

  #isOver(call: CallRef, signal: AbortSignal): Promise<boolean | undefined> {
    return meetingIsOver(this.#clients(call), readMeeting(call).meetingId, signal);
  }

  async #started(
    plan: StartPlan,
    pipeline: MediaCapturePipeline | undefined,
    context: DriverContext,
  ): Promise<Outcome> {
    const now = timestamp(context.clock.now());
    const handle = handleOf(pipeline);
    const cause = { commandId: plan.command.commandId };
    const facts = capturedFacts(plan, pipeline, this.#config);
    const observe = (name: string, seen: Seen) => observation(plan, name, seen, cause, 'answer', now);
    const started: Outcome = {
      kind: 'accepted',
      handle,
      providerKeys: [captureKey(handle.pipelineId)],
      reports: [observe('started', { facts })],
    };
    return this.#sides.begin(plan, started, observe, context);
  }
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
