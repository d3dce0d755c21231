import { randomUUID } from 'node:crypto';
import type { Exchange } from './exchange.ts';
import { type MediaLine, openLine } from './media.ts';
import type { SilencePolicy } from './rtp-line.ts';

export interface PhoneOptions {
  /** Id of the channel; it must be no prefix of another channel's name. @default a UUID */
  readonly channelId?: string;
  /** What a phone that says nothing sends. @default 'sent' */
  readonly silence?: SilencePolicy;
  /** This machine's address as the server sees it. @default '127.0.0.1' */
  readonly address?: string;
}

/** A telephone: a channel on the server whose audio is RTP from and to this process (8 kHz µ-law, 20 ms). */
export class RtpPhone {
  readonly channelId: string;
  readonly #exchange: Exchange;
  readonly #line: MediaLine;

  private constructor(channelId: string, exchange: Exchange, line: MediaLine) {
    this.channelId = channelId;
    this.#exchange = exchange;
    this.#line = line;
  }

  /** Resolves when the channel is up and in the exchange's application; it says nothing yet. */
  static async pickUp(exchange: Exchange, options: PhoneOptions = {}): Promise<RtpPhone> {
    const { channelId = randomUUID(), silence = 'sent', address = '127.0.0.1' } = options;
    const line = await openLine(address, silence);
    try {
      const channel = (await exchange.request('POST', '/channels/externalMedia', {
        channelId,
        app: exchange.app,
        external_host: `${address}:${line.port}`,
        format: 'ulaw',
      })) as {
        readonly channelvars: { readonly UNICASTRTP_LOCAL_ADDRESS: string; readonly UNICASTRTP_LOCAL_PORT: string };
      };
      const { UNICASTRTP_LOCAL_ADDRESS: remote, UNICASTRTP_LOCAL_PORT: port } = channel.channelvars;
      line.connect(Number(port), remote);
      await exchange.arrival(channelId);
      return new RtpPhone(channelId, exchange, line);
    } catch (error) {
      line.close();
      throw error;
    }
  }

  /** From the next 20 ms on: a sine of −12 dBFS without end, or nothing. */
  say(toneHz: number | undefined): void {
    this.#line.say(toneHz);
  }

  /** Says samples (8 kHz, one channel) once, instead of the tone; resolves when the last was sent, with the wall time of
   * the first packet in epoch ms; undefined when the phone was hung up before. */
  play(samples: Int16Array): Promise<number | undefined> {
    return this.#line.play(samples);
  }

  /** All that the server sent to this phone so far: what its owner heard, 8 kHz. */
  heard(): Promise<Int16Array> {
    return this.#line.heard();
  }

  /** Hangs up; does nothing when the channel, or the server, is gone already. */
  async hangUp(): Promise<void> {
    this.#line.close();
    await this.#exchange.remove(`/channels/${encodeURIComponent(this.channelId)}`);
  }
}
