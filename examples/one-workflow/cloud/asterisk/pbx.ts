import { randomUUID } from 'node:crypto';
import { Exchange, RtpPhone } from '../../../../packages/adapter-asterisk/src/testing/phones/index.ts';
import type { AsteriskAccess } from '../../../../packages/adapter-asterisk/src/testing/server/index.ts';
import type { Observer } from './observer.ts';

/**
 * The application of the telephone system, which answers, connects and hangs up: OnRecord does none of this. It hands the
 * caller to OnRecord's application, whose workflow announces and records, and connects the two when that was said.
 */
export class Pbx {
  readonly #exchange: Exchange;
  readonly #observer: Observer;
  readonly #bridge: string = `/bridges/${randomUUID()}`;
  readonly #phones: RtpPhone[] = [];

  private constructor(exchange: Exchange, observer: Observer) {
    this.#exchange = exchange;
    this.#observer = observer;
  }

  static async open(access: AsteriskAccess, observer: Observer): Promise<Pbx> {
    return new Pbx(await Exchange.open(access, `demo-pbx-${randomUUID().slice(0, 8)}`), observer);
  }

  /** Somebody dials in: the leg is up, and in an application of this name from then on. */
  async answer(app: string): Promise<RtpPhone> {
    const caller = await this.#pickUp();
    await this.#exchange.request('POST', `/channels/${caller.channelId}/move`, { app });
    return caller;
  }

  /** Resolves when something has been played to the caller to its end. */
  async heard({ channelId }: RtpPhone): Promise<void> {
    await this.#observer.next(
      ({ type, playback }) => type === 'PlaybackFinished' && playback?.target_uri === `channel:${channelId}`,
    );
  }

  /** Rings the other phone and lets the two hear each other. */
  async connect(caller: RtpPhone): Promise<RtpPhone> {
    const callee = await this.#pickUp();
    await this.#exchange.request('POST', this.#bridge, { type: 'mixing' });
    for (const { channelId } of [caller, callee]) {
      await this.#exchange.request('POST', `${this.#bridge}/addChannel`, { channel: channelId });
    }
    return callee;
  }

  /** All hang up, the caller first. May be called again, and on a server that is gone. */
  async hangUp(): Promise<void> {
    for (const phone of this.#phones.splice(0)) await phone.hangUp();
    await this.#exchange.remove(this.#bridge);
  }

  async close(): Promise<void> {
    await this.hangUp();
    await this.#exchange.close();
  }

  async #pickUp(): Promise<RtpPhone> {
    const { ASTERISK_PHONE_ADDRESS: address = '127.0.0.1' } = process.env;
    const phone = await RtpPhone.pickUp(this.#exchange, { address });
    this.#phones.push(phone);
    return phone;
  }
}
