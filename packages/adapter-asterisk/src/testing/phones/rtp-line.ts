import { randomInt } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { MU_LAW_SILENCE, muLawOf } from './g711.ts';
import { muLawPayload, rtpPacket } from './rtp-packet.ts';

/** 20 ms at 8 kHz. */
export const PACKET_SAMPLES = 160;

/** A share of full scale: −12 dBFS. */
const AMPLITUDE = 0.25;

/** Whether a line that says nothing sends packets of silence, or no packets. */
export type SilencePolicy = 'sent' | 'withheld';

/** Told once a clip is over, with the wall time of its first packet, epoch ms; undefined when none was sent. */
export type ClipOver = (startedAt: number | undefined) => void;

interface Clip {
  readonly samples: Int16Array;
  readonly done: ClipOver;
  at: number;
  startedAt?: number;
}

/** One end of a stream of µ-law audio, on a UDP socket of its own. Somebody else tells it when to send. */
export class RtpLine {
  readonly #socket: Socket;
  readonly #silence: SilencePolicy;
  readonly #heard: Buffer[] = [];
  readonly #ssrc = randomInt(2 ** 32);
  #sequence = randomInt(2 ** 16);
  #timestamp = randomInt(2 ** 32);
  #index = 0;
  #marker = true;
  #toneHz: number | undefined;
  #clip: Clip | undefined;
  #remote: { readonly port: number; readonly address: string } | undefined;

  private constructor(socket: Socket, silence: SilencePolicy) {
    this.#socket = socket;
    this.#silence = silence;
    socket.on('message', (packet, { port, address }) => {
      const payload = muLawPayload(packet);
      if (payload === undefined) return;
      this.#heard.push(payload);
      this.#remote ??= { port, address };
    });
    // A server that is gone answers with ICMP; the phone goes on talking to nobody.
    socket.on('error', () => {});
  }

  static async open(address: string, silence: SilencePolicy): Promise<RtpLine> {
    const socket = createSocket('udp4');
    socket.bind({ address, port: 0 });
    await once(socket, 'listening');
    return new RtpLine(socket, silence);
  }

  get port(): number {
    return this.#socket.address().port;
  }

  /** Where to send to; without it, to whoever sends first. */
  connect(port: number, address: string): void {
    this.#remote = { port, address };
  }

  say(toneHz: number | undefined): void {
    this.#toneHz = toneHz;
  }

  /** Samples once, instead of the tone; `done` after the last was sent, or when another clip takes its place. */
  play(samples: Int16Array, done: ClipOver): void {
    this.#endClip();
    this.#clip = { samples, done, at: 0 };
  }

  /** Everything heard so far, as µ-law. */
  heard(): Buffer {
    return Buffer.concat(this.#heard);
  }

  /** Sends the next 20 ms. */
  sendNext(): void {
    const speaks = this.#clip !== undefined || this.#toneHz !== undefined;
    if (this.#remote === undefined || (!speaks && this.#silence === 'withheld')) {
      this.skip(1);
      return;
    }
    const header = { sequence: this.#sequence, timestamp: this.#timestamp, ssrc: this.#ssrc, marker: this.#marker };
    const { packet, payload } = rtpPacket(header, PACKET_SAMPLES);
    if (this.#clip !== undefined) this.#fillFromClip(payload);
    else if (this.#toneHz !== undefined) this.#fillWithTone(payload, this.#toneHz);
    else payload.fill(MU_LAW_SILENCE);
    this.#socket.send(packet, this.#remote.port, this.#remote.address, () => {});
    this.#sequence += 1;
    this.#advance(1);
    this.#marker = false;
  }

  /** Time that passes without a packet. */
  skip(packets: number): void {
    this.#advance(packets);
    this.#marker = true;
  }

  close(): void {
    this.#endClip();
    this.#socket.close();
  }

  #endClip(): void {
    const clip = this.#clip;
    this.#clip = undefined;
    clip?.done(clip.startedAt);
  }

  #advance(packets: number): void {
    this.#index += packets * PACKET_SAMPLES;
    this.#timestamp = (this.#timestamp + packets * PACKET_SAMPLES) >>> 0;
  }

  #fillWithTone(payload: Buffer, toneHz: number): void {
    const step = (2 * Math.PI * toneHz) / 8_000;
    for (let offset = 0; offset < PACKET_SAMPLES; offset += 1) {
      payload[offset] = muLawOf(Math.round(Math.sin(step * (this.#index + offset)) * AMPLITUDE * 32_767));
    }
  }

  #fillFromClip(payload: Buffer): void {
    const clip = this.#clip;
    if (clip === undefined) return;
    for (let offset = 0; offset < PACKET_SAMPLES; offset += 1) {
      payload[offset] = muLawOf(clip.samples[clip.at + offset] ?? 0);
    }
    clip.startedAt ??= Date.now();
    clip.at += PACKET_SAMPLES;
    if (clip.at >= clip.samples.length) this.#endClip();
  }
}
