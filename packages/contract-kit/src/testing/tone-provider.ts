import { createHmac } from 'node:crypto';
import type { Clock, InboundRequest } from '@onrecord/core';
import { wavBytes } from '@onrecord/core/media';
import { type AudioSource, silence, tone, VirtualCall, VOICE_RATE } from '@onrecord/simulator';
import type { ProviderRequest, Speaker } from '../recording/harness.ts';

/** What a profile of the tone provider does; everything else follows. */
export interface ToneProfile {
  readonly layout: 'mixed' | 'separate';
  /** `segments`: the provider cannot, and the recorder emulates. `both`: each recording has its own effect. */
  readonly pause: false | 'omitted' | 'silence' | 'segments' | 'both';
  /** Whether commands act in their own answer, or some time after it. */
  readonly confirms: 'answer' | 'push' | 'poll';
  readonly settleMs: number;
  /** How its events travel. @default webhook */
  readonly transport?: 'webhook' | 'socket' | undefined;
}

/** Takes one message off a socket; rejects where it could not be kept. */
export type ToneSocket = (request: InboundRequest) => Promise<void>;

export interface ToneEvent {
  readonly id: string;
  readonly recording: string;
  readonly correlation: string;
  readonly command?: string | undefined;
  readonly state: ToneState;
  readonly sequence: number;
  readonly at: number;
  readonly reason?: 'stopped' | 'call-ended' | undefined;
  /** Whether there is anything to download: a recording that was never active leaves nothing. */
  readonly file: boolean;
}

export type ToneState = 'starting' | 'active' | 'paused' | 'ended';

interface Recording {
  readonly id: string;
  readonly call: string;
  readonly correlation: string;
  readonly silent: boolean;
  readonly changes: { readonly at: number; readonly state: ToneState }[];
  state: ToneState;
  reason?: 'stopped' | 'call-ended';
  sequence: number;
}

/** The provider said no. */
export class ToneRefusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** The connection broke after the provider had acted. */
export class LostAnswer extends Error {}

const SECRET = 'tone-secret';

export function signatureOf(body: Uint8Array): string {
  return createHmac('sha256', SECRET).update(body).digest('hex');
}

/**
 * A small provider that records for real, in this process: the kit's own subject, and the model of what a driver's
 * author has to simulate. It keeps no trace of the driver's code: what is true is decided here.
 */
export class ToneProvider {
  readonly requests: ProviderRequest[] = [];
  readonly #clock: Clock;
  readonly #profile: ToneProfile;
  readonly #send: (event: ToneEvent) => void;
  readonly #calls = new Map<string, { readonly call: VirtualCall; over: boolean }>();
  readonly #recordings = new Map<string, Recording>();
  readonly #tokens = new Map<string, string>();
  /** Who is connected. */
  readonly sockets: Set<ToneSocket> = new Set();
  loseNextAnswer = false;

  constructor(clock: Clock, profile: ToneProfile, send: (event: ToneEvent) => void) {
    this.#clock = clock;
    this.#profile = profile;
    this.#send = send;
  }

  get recordings(): number {
    return this.#recordings.size;
  }

  openCall(): string {
    const id = `call-${this.#calls.size + 1}`;
    const call = new VirtualCall(this.#clock);
    for (const name of ['reference', 'other']) call.join({ name, source: silence });
    this.#calls.set(id, { call, over: false });
    return id;
  }

  say(callId: string, speaker: Speaker, toneHz: number | undefined): void {
    const call = this.#calls.get(callId)?.call;
    const source: AudioSource = toneHz === undefined ? silence : tone(toneHz);
    call?.leave(speaker);
    call?.join({ name: speaker, source });
  }

  endCall(callId: string): void {
    const call = this.#calls.get(callId);
    if (!call || call.over) return;
    call.over = true;
    call.call.end();
    for (const recording of this.#recordings.values()) {
      if (recording.call === callId) this.#change(recording, 'ended', undefined, 'call-ended');
    }
  }

  start(request: {
    readonly callId: string;
    readonly token: string;
    readonly correlation: string;
    readonly command: string;
    readonly paused: boolean;
    /** Whether pauses become silence; else they are cut out. */
    readonly silent: boolean;
  }): string {
    this.requests.push({ name: 'start', kind: 'command' });
    const known = this.#tokens.get(request.token);
    if (known) return known;
    const call = this.#calls.get(request.callId);
    if (!call || call.over) throw new ToneRefusal(404, 'No such call');
    const id = `recording-${this.#recordings.size + 1}`;
    const recording: Recording = {
      id,
      call: request.callId,
      correlation: request.correlation,
      silent: request.silent,
      changes: [],
      state: 'starting',
      sequence: 0,
    };
    this.#recordings.set(id, recording);
    this.#tokens.set(request.token, id);
    this.#settle(recording, request.paused ? 'paused' : 'active', request.command);
    if (this.loseNextAnswer) {
      this.loseNextAnswer = false;
      throw new LostAnswer('socket hang up');
    }
    return id;
  }

  command(id: string, kind: 'pause' | 'resume' | 'stop', command: string): void {
    this.requests.push({ name: kind, kind: 'command' });
    const recording = this.#find(id);
    if (recording.state === 'ended') throw new ToneRefusal(409, 'The recording is over');
    this.#settle(recording, kind === 'pause' ? 'paused' : kind === 'resume' ? 'active' : 'ended', command);
  }

  query(id: string): Pick<ToneEvent, 'state' | 'reason' | 'file'> {
    this.requests.push({ name: 'query', kind: 'query' });
    const recording = this.#find(id);
    return { state: recording.state, reason: recording.reason, file: this.#hasFile(recording) };
  }

  /** The finished file, rendered from the call. */
  download(id: string): Uint8Array {
    this.requests.push({ name: 'download', kind: 'query' });
    const recording = this.#find(id);
    if (!this.#hasFile(recording)) throw new ToneRefusal(404, 'No file');
    const call = this.#calls.get(recording.call)?.call;
    if (!call) throw new ToneRefusal(404, 'No such call');
    const voices: readonly (readonly string[])[] =
      this.#profile.layout === 'mixed' ? [['reference', 'other']] : [['reference'], ['other']];
    const channels = voices.map((names) => joined(this.#spans(recording).map((span) => render(call, names, span))));
    return wavBytes({ sampleRate: VOICE_RATE, channels });
  }

  #hasFile({ state, changes }: Recording): boolean {
    return state === 'ended' && changes.some((change) => change.state === 'active');
  }

  #spans(recording: Recording): readonly Span[] {
    return recording.changes.flatMap(({ at, state }, index) => {
      const next = recording.changes[index + 1];
      if (!next || state === 'ended') return [];
      if (state === 'paused' && (index === 0 || !recording.silent)) return [];
      return [{ from: at, to: next.at, silent: state === 'paused' }];
    });
  }

  #settle(recording: Recording, state: ToneState, command: string): void {
    const act = () => this.#change(recording, state, command, state === 'ended' ? 'stopped' : undefined);
    if (this.#profile.confirms === 'answer') act();
    else void this.#clock.delay(this.#profile.settleMs).then(act);
  }

  #change(recording: Recording, state: ToneState, command?: string, reason?: 'stopped' | 'call-ended'): void {
    if (recording.state === 'ended' || recording.state === state) return;
    recording.state = state;
    if (reason) recording.reason = reason;
    recording.sequence += 1;
    const at = this.#clock.now();
    recording.changes.push({ at, state });
    if (this.#profile.confirms === 'poll') return;
    const { id, correlation, sequence } = recording;
    const file = this.#hasFile(recording);
    this.#send({ id: `${id}/${sequence}`, recording: id, correlation, command, state, sequence, at, reason, file });
  }

  #find(id: string): Recording {
    const recording = this.#recordings.get(id);
    if (!recording) throw new ToneRefusal(404, 'No such recording');
    return recording;
  }
}

interface Span {
  readonly from: number;
  readonly to: number;
  readonly silent: boolean;
}

function render(call: VirtualCall, names: readonly string[], { from, to, silent }: Span): Int16Array {
  const samples = call.render(names, from, to);
  return silent ? samples.fill(0) : samples;
}

function joined(pieces: readonly Int16Array[]): Int16Array {
  const out = new Int16Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    out.set(piece, at);
    at += piece.length;
  }
  return out;
}
