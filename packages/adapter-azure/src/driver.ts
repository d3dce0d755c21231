import {
  type Announcement,
  type Artifact,
  type CallRef,
  type Capabilities,
  type Classification,
  type CommandToken,
  type DeletionReceipt,
  type DriverContext,
  type DriverLacks,
  type DriverNotice,
  type InboundRequest,
  type JsonObject,
  OnRecordError,
  type OpenedMedia,
  type Outcome,
  type Parsed,
  type PartTarget,
  type PartTimes,
  type RecordingDriver,
  type Report,
  type Seen,
  type StartPlan,
  type StartUpSetting,
  timestamp,
} from '@onrecord/core';
import { signCallbackUrl } from './callback/callback-url.ts';
import { checkRequest } from './capabilities/check-request.ts';
import { lacksUnder } from './capabilities/lacks.ts';
import { type AzureAttempt, type AzureCapabilities, type AzureProfile, capabilitiesFor } from './capabilities.ts';
import { type AzureClients, type AzureNative, createClients } from './client.ts';
import { type AzureConfig, resolveConfig } from './config/config.ts';
import type { AzureOptions } from './config/options.ts';
import { warningsOf } from './config/warnings.ts';
import { deleteArtifact } from './content/delete-artifact.ts';
import { openArtifact } from './content/open-artifact.ts';
import { accepted, classifyAzureError, during, overIn } from './errors.ts';
import { isAbout, sharedKeysOf } from './event-grid/call-match.ts';
import { createParser } from './events.ts';
import { finalizePart } from './finalize.ts';
import { handleOf, knownRecordingId, recordingIdOf } from './handle.ts';
import { contextOf, howToAnnounce, playSourceOf } from './map-announcement.ts';
import { planStart } from './map-start.ts';
import { answerReport, reportOn, seenOver } from './map-state.ts';
import { recordingKey } from './provider-keys.ts';
import { askState } from './recording-state.ts';
import { setCapture } from './set-capture.ts';
import { callConnectionIdOf } from './start/locator.ts';
import { lacksRooms, withRooms } from './start/rooms.ts';
import { checkStartOptions } from './start-options.ts';

/** The options that capabilities are typed by. */
export interface Profiled<P extends AzureProfile, A extends AzureAttempt> {
  readonly profile?: P | undefined;
  readonly attempt?: readonly A[] | undefined;
}

/**
 * Records calls with Azure Communication Services Call Automation, API 2026-03-12.
 *
 * The service answers commands before it carries them out: start, pause, resume and stop are accepted, and proven by a
 * callback or by asking. A start whose answer was lost is found by sending it again with its token (`lookup: 'token'`),
 * so there is no `doFind`: Azure keeps no list of recordings.
 *
 * @see {@link https://learn.microsoft.com/azure/communication-services/concepts/voice-video-calling/call-recording}
 */
export class AzureCallAutomationDriver<C extends Capabilities = AzureCapabilities>
  implements RecordingDriver<C, AzureNative>
{
  readonly spec = 'onrecord.driver/v1';
  readonly type = 'azure';
  readonly capabilities: C;
  readonly lacks: DriverLacks;
  readonly #config: AzureConfig;
  readonly #clients: AzureClients;
  readonly #parse: (request: InboundRequest, context: DriverContext) => Promise<Parsed>;

  /** @throws OnRecordError `invalid-request` that lists every problem of the options. */
  constructor(options: AzureOptions) {
    this.#config = resolveConfig(options);
    const offered: Capabilities = capabilitiesFor(this.#config.profile, this.#config.attempt);
    // `azure` types it by the same two options.
    this.capabilities = withRooms(offered, this.#config) as C;
    this.lacks = { ...lacksRooms(lacksUnder(this.#config.profile), this.#config), announce: howToAnnounce };
    this.#clients = createClients(this.#config);
    this.#parse = createParser(this.#config, this.#clients);
  }

  /**
   * The callback URL to answer, create or connect a call with, so that its notices reach {@link parse} and are proven
   * by their URL where no `jwt` is configured.
   * @throws OnRecordError `invalid-request` without `callbackUrl`.
   */
  callbackUrl(): string {
    const { callbackUrl, callbackKeys } = this.#config;
    if (!callbackUrl) throw new OnRecordError('invalid-request', 'No callbackUrl is configured.');
    return signCallbackUrl(callbackUrl, callbackKeys, {});
  }

  /**
   * What a recorder should say at its start: what its configuration lacks to find recordings again, what its profile
   * brings with it, and what Microsoft ends on a certain day, if it is told the time.
   */
  warnings(setting: StartUpSetting): readonly (string | DriverNotice)[] {
    return warningsOf(this.#config, setting);
  }

  /**
   * @throws OnRecordError `invalid-request` that lists every problem of the options; `unsupported` for what the profile
   * does not offer.
   */
  checkOptions(options: JsonObject): void {
    checkStartOptions(options, this.#config);
  }

  async doStart(plan: StartPlan, { signal, clock }: DriverContext): Promise<Outcome> {
    const { request, seen } = planStart(plan, this.#config, signal);
    checkRequest(request, this.#config);
    signal.throwIfAborted();
    const answer = await accepted('start', () => this.#clients.recording.start(request));
    const recordingId = answer?.recordingId;
    return {
      kind: 'accepted',
      ...(recordingId ? { handle: handleOf(recordingId), providerKeys: [recordingKey(recordingId)] } : {}),
      reports: [answerReport('start', plan, plan.command, seen, clock.now())],
    };
  }

  async doPause(part: PartTarget, _command: CommandToken, { signal }: DriverContext): Promise<Outcome> {
    const id = knownRecordingId(part);
    signal.throwIfAborted();
    await setCapture('pause', this.#clients.recording, id, signal);
    return { kind: 'accepted' };
  }

  async doResume(part: PartTarget, _command: CommandToken, { signal }: DriverContext): Promise<Outcome> {
    const id = knownRecordingId(part);
    signal.throwIfAborted();
    await setCapture('resume', this.#clients.recording, id, signal);
    return { kind: 'accepted' };
  }

  /** A recording that is over answers 404/8522: the stop is done. */
  async doStop(part: PartTarget, command: CommandToken, { signal, clock }: DriverContext): Promise<Outcome> {
    const id = knownRecordingId(part);
    const answered = (seen: Seen) => answerReport('stop', part, command, seen, clock.now());
    signal.throwIfAborted();
    try {
      await accepted('stop', () => this.#clients.recording.stop(id, { abortSignal: signal }));
      // What the file event says of the reason may be the same for a stop and for a hang-up.
      return { kind: 'accepted', reports: [answered({ endReason: 'requested' })] };
    } catch (error) {
      const over = overIn(error);
      if (over === undefined) throw error;
      return { kind: 'done', reports: [answered(seenOver(over === 'call'))] };
    }
  }

  /** Nothing to report while the recording's id is unknown, or where the service says what nobody knows. */
  async doStatus(
    part: PartTarget,
    poll: { readonly pollId: string; readonly asOfOrdinal: number },
    { signal, clock }: DriverContext,
  ): Promise<readonly Report[]> {
    const id = recordingIdOf(part);
    if (id === undefined) return [];
    signal.throwIfAborted();
    const seen = await askState(this.#clients.recording, id, signal);
    if (Object.keys(seen).length === 0) return [];
    return [
      reportOn(part.correlation, {
        reportId: `azure/poll/${poll.pollId}`,
        seen,
        cause: { asOfOrdinal: poll.asOfOrdinal },
        clock: { domain: 'none' },
        via: 'poll',
        receivedAt: timestamp(clock.now()),
      }),
    ];
  }

  /** Reads the metadata files once the file event has come: tracks and measured pauses. */
  doFinalize(
    part: PartTarget,
    _step: { readonly stepId: string; readonly token: string; readonly asOfOrdinal: number },
    context: DriverContext,
  ): Promise<Outcome> {
    return during('open', () => finalizePart(part, this.#clients.content, context));
  }

  /** Plays to everybody on the call. Never repeated by the SDK: the service would play it twice. */
  async doAnnounce(
    call: CallRef,
    announcement: Announcement,
    { announcementId }: { readonly announcementId: string },
    { signal }: DriverContext,
  ): Promise<void> {
    if (call.kind !== 'azure.call-connection') {
      throw new OnRecordError(
        'unsupported',
        `Nothing can be played on an ${call.kind}: Azure plays through our own leg.`,
        { remedy: howToAnnounce },
      );
    }
    const source = playSourceOf(announcement, this.#config);
    signal.throwIfAborted();
    await accepted('announce', () =>
      this.#clients.media(callConnectionIdOf(call)).playToAll([source], {
        loop: false,
        operationContext: contextOf(announcementId),
        ...(this.#config.callbackUrl ? { operationCallbackUrl: this.callbackUrl() } : {}),
        abortSignal: signal,
      }),
    );
  }

  parse(request: InboundRequest, context: DriverContext): Promise<Parsed> {
    return this.#parse(request, context);
  }

  /** The key of the part's call, under which file events wait that name no recording. */
  sharedKeys(part: PartTarget): readonly string[] {
    return sharedKeysOf(part);
  }

  /** Whether a file event without a recording's id began and ended as the part did, to within two minutes. */
  isAbout(part: PartTarget, times: PartTimes, report: Report): boolean {
    return isAbout(part, times, report);
  }

  /** Opens a file in the service's storage. `integrity-failed` with retry `safe` when it comes short, empty or as HTML. */
  doOpenArtifact(
    artifact: Artifact,
    { range }: { readonly range?: { readonly first: number } | undefined; readonly access?: JsonObject | undefined },
    context: DriverContext,
  ): Promise<OpenedMedia> {
    return during('open', () => openArtifact(artifact, range, this.#clients.content, context));
  }

  /** Deletes a file with its metadata, which has no address of its own to be deleted by. Already gone is success. */
  doDeleteArtifact(
    artifact: Artifact,
    { access }: { readonly access?: JsonObject | undefined },
    context: DriverContext,
  ): Promise<DeletionReceipt | undefined> {
    return during('delete', () => deleteArtifact(artifact, access, this.#clients.content, context));
  }

  classifyError(error: unknown): Classification {
    return classifyAzureError(error);
  }

  native(): AzureNative {
    const { client, recording } = this.#clients;
    return { client, recording };
  }

  /** Nothing is held open: an `agent` belongs to whoever passed it. */
  close(): Promise<void> {
    return Promise.resolve();
  }
}

/**
 * A driver for Azure Communication Services Call Automation, typed by its profile.
 *
 * @throws OnRecordError `invalid-request` that lists every problem of the options.
 * @example
 * ```ts
 * const recorder = createRecorder(azure({ connectionString: process.env['ACS_CONNECTION_STRING'] ?? '' }));
 * ```
 */
export function azure<P extends AzureProfile = 'acs-standalone', A extends AzureAttempt = never>(
  options: AzureOptions & Profiled<P, A>,
): AzureCallAutomationDriver<AzureCapabilities<P, A>> {
  return new AzureCallAutomationDriver<AzureCapabilities<P, A>>(options);
}
