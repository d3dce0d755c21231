import { timingSafeEqual } from 'node:crypto';
import {
  type Artifact,
  type Capabilities,
  type Classification,
  type CommandToken,
  type DriverContext,
  type DriverListener,
  type InboundRequest,
  type MediaSighting,
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
import {
  LostAnswer,
  signatureOf,
  type ToneEvent,
  type ToneProfile,
  type ToneProvider,
  ToneRefusal,
  type ToneSocket,
} from './tone-provider.ts';

export function toneCapabilities(profile: ToneProfile): Capabilities {
  const confirms = [profile.confirms];
  return {
    spec: 'onrecord.capabilities/v1',
    calls: ['tone.call'],
    outputs: [{ media: 'audio', layout: profile.layout, container: 'wav' }],
    pause:
      profile.pause === false || profile.pause === 'segments'
        ? false
        : {
            effects: profile.pause === 'both' ? ['omitted', 'silence'] : [profile.pause],
            fidelity: 'native',
            startPaused: true,
          },
    discard: false,
    announce: false,
    starts: { scope: 'call', concurrent: 'unlimited', total: 'unlimited' },
    confirms: { start: confirms, pause: confirms, resume: confirms, stop: confirms },
    commandPlane: 'direct',
    custody: 'provider',
    lookup: 'token',
    status: true,
  };
}

/** The driver of {@link ToneProvider}: correct, small, and broken on purpose by the mutants. */
export class ToneDriver implements RecordingDriver {
  readonly spec = 'onrecord.driver/v1';
  readonly type = 'tone';
  readonly capabilities: Capabilities;
  readonly doListen?: NonNullable<RecordingDriver['doListen']>;
  readonly #provider: ToneProvider;
  readonly #profile: ToneProfile;

  constructor(provider: ToneProvider, profile: ToneProfile) {
    this.#provider = provider;
    this.#profile = profile;
    this.capabilities = toneCapabilities(profile);
    if (profile.transport === 'socket') this.doListen = this.#listen.bind(this);
  }

  async doStart(plan: StartPlan, context: DriverContext): Promise<Outcome> {
    const handle = this.#provider.start({
      callId: String(plan.call.data['id']),
      token: plan.command.token,
      correlation: plan.correlation,
      command: plan.command.commandId,
      paused: plan.startPaused,
      silent: plan.pauseEffect === 'silence',
    });
    const keys = { handle, providerKeys: [handle] };
    if (this.#profile.confirms !== 'answer') return { kind: 'accepted', ...keys };
    return { kind: 'done', ...keys, reports: [answer(plan, plan.command, context, { capturing: !plan.startPaused })] };
  }

  doPause(part: PartTarget, command: CommandToken, context: DriverContext): Promise<Outcome> {
    return this.#command('pause', part, command, context, { capturing: false });
  }

  doResume(part: PartTarget, command: CommandToken, context: DriverContext): Promise<Outcome> {
    return this.#command('resume', part, command, context, { capturing: true });
  }

  async doStop(part: PartTarget, command: CommandToken, context: DriverContext): Promise<Outcome> {
    const id = String(part.handle);
    try {
      this.#provider.command(id, 'stop', command.commandId);
    } catch (error) {
      if (!(error instanceof ToneRefusal) || error.status !== 409) throw error;
    }
    const seen = this.#seen(part, id, this.#provider.query(id));
    if (!seen?.ended) return { kind: 'accepted' };
    return { kind: 'done', reports: [answer(part, command, context, seen)] };
  }

  async doStatus(
    part: PartTarget,
    poll: { readonly pollId: string; readonly asOfOrdinal: number },
    { clock }: DriverContext,
  ): Promise<readonly Report[]> {
    const id = String(part.handle);
    const seen = this.#seen(part, id, this.#provider.query(id));
    if (!seen) return [];
    const now = timestamp(clock.now());
    return [
      {
        reportId: poll.pollId,
        subject: { correlation: part.correlation },
        seen,
        cause: { asOfOrdinal: poll.asOfOrdinal },
        clock: { domain: 'none' },
        via: 'poll',
        receivedAt: now,
      },
    ];
  }

  async parse(request: InboundRequest, { clock }: DriverContext): Promise<Parsed> {
    const given = Buffer.from(String(request.headers['x-tone-signature'] ?? ''));
    const expected = Buffer.from(signatureOf(request.body));
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
      throw new OnRecordError('signature-invalid', 'This event was not sent by the tone provider.');
    }
    const event: ToneEvent = JSON.parse(new TextDecoder().decode(request.body));
    const part = { correlation: event.correlation, output: { layout: this.#profile.layout }, call: { key: '' } };
    const seen = this.#seen(part, event.recording, event);
    const report: Report = {
      reportId: event.id,
      subject: { correlation: event.correlation },
      seen: { ...seen, handle: event.recording, providerKeys: [event.recording] },
      cause: event.command === undefined ? { unattributed: true } : { commandId: event.command },
      clock: { domain: 'provider:tone', at: timestamp(event.at), sequence: event.sequence },
      via: 'push',
      receivedAt: timestamp(clock.now()),
    };
    return { reports: [report], calls: [], unhandled: 0 };
  }

  async doOpenArtifact(artifact: Artifact) {
    const bytes = this.#provider.download(artifact.mediaKey);
    return { body: pieces(bytes), bytes: bytes.length, contentType: 'audio/wav' };
  }

  classifyError(error: unknown): Classification {
    if (error instanceof LostAnswer) return { code: 'unavailable', retry: 'only-with-same-key', blame: 'provider' };
    if (error instanceof ToneRefusal) {
      return { code: error.status === 404 ? 'not-found' : 'conflict', retry: 'never', blame: 'caller' };
    }
    return { code: 'unknown', retry: 'never', blame: 'library' };
  }

  native(): ToneProvider {
    return this.#provider;
  }

  async close(): Promise<void> {}

  async #listen({ opened, emit }: DriverListener, context: DriverContext): Promise<void> {
    const { signal } = context;
    const socket: ToneSocket = async (request) => emit(await this.parse(request, context));
    this.#provider.sockets.add(socket);
    opened();
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    this.#provider.sockets.delete(socket);
  }

  async #command(
    kind: 'pause' | 'resume' | 'stop',
    part: PartTarget,
    command: CommandToken,
    context: DriverContext,
    seen: Seen,
  ): Promise<Outcome> {
    this.#provider.command(String(part.handle), kind, command.commandId);
    if (this.#profile.confirms !== 'answer') return { kind: 'accepted' };
    return { kind: 'done', reports: [answer(part, command, context, seen)] };
  }

  #seen(
    part: TrackedPart,
    id: string,
    { state, reason, file }: Pick<ToneEvent, 'state' | 'reason' | 'file'>,
  ): Seen | undefined {
    if (state === 'starting') return undefined;
    if (state !== 'ended') return { capturing: state === 'active' };
    return {
      capturing: false,
      ended: true,
      ...(reason === 'call-ended' ? { endReason: reason } : {}),
      ...(file ? { media: [this.#file(part, id)] } : {}),
    };
  }

  #file(part: TrackedPart, id: string): MediaSighting {
    const track = { relativeTo: part.call.key, offsetMs: 0, prompts: 'absent' } as const;
    return {
      key: id,
      uri: `tone://recordings/${id}`,
      role: 'master',
      container: 'wav',
      mediaType: 'audio/wav',
      tracks:
        part.output.layout === 'mixed'
          ? [{ ...track, channel: 0, from: 'everyone' }]
          : [
              { ...track, channel: 0, from: 'participant' },
              { ...track, channel: 1, from: 'everyone-else' },
            ],
    };
  }
}

interface TrackedPart {
  readonly output: { readonly layout: string };
  readonly call: { readonly key: string };
}

function answer(part: PartTarget, command: CommandToken, { clock }: DriverContext, seen: Seen): Report {
  const now = timestamp(clock.now());
  return {
    reportId: `answer/${command.commandId}`,
    subject: { correlation: part.correlation },
    seen,
    cause: { commandId: command.commandId },
    clock: { domain: 'ours', at: now },
    via: 'answer',
    receivedAt: now,
  };
}

async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536);
}
