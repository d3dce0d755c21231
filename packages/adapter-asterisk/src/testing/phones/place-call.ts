import { randomUUID } from 'node:crypto';
import type { AsteriskAccess } from '../server/start-asterisk.ts';
import { Exchange } from './exchange.ts';
import { type PhoneOptions, RtpPhone } from './rtp-phone.ts';

export interface CallOptions {
  /** The Stasis application that the phones are in. @default one of this call's own */
  readonly app?: string;
  readonly bridgeId?: string;
  readonly caller?: PhoneOptions;
  readonly callee?: PhoneOptions;
}

/** Two phones, or more, that hear each other in a mixing bridge. */
export interface PlacedCall extends AsyncDisposable {
  readonly app: string;
  readonly bridgeId: string;
  readonly caller: RtpPhone;
  readonly callee: RtpPhone;
  /** Who is in the call now, in the order of joining. */
  readonly phones: readonly RtpPhone[];
  /** One more phone joins. */
  joinLate(options?: PhoneOptions): Promise<RtpPhone>;
  /** One phone hangs up; the others stay in the bridge. */
  leave(phone: RtpPhone): Promise<void>;
  /** All hang up and the bridge is removed. May be called again, and on a server that is gone. */
  end(): Promise<void>;
}

/** Places a call between two phones of this process on a real server. They are silent until told to speak. */
export async function placeCall(access: AsteriskAccess, options: CallOptions = {}): Promise<PlacedCall> {
  const { app = `phones-${randomUUID()}`, bridgeId = randomUUID() } = options;
  const exchange = await Exchange.open(access, app);
  const bridge = `/bridges/${encodeURIComponent(bridgeId)}`;
  const phones: RtpPhone[] = [];

  const join = async (phone: PhoneOptions = {}): Promise<RtpPhone> => {
    const joining = await RtpPhone.pickUp(exchange, phone);
    phones.push(joining);
    await exchange.request('POST', `${bridge}/addChannel`, { channel: joining.channelId });
    return joining;
  };
  const leave = async (phone: RtpPhone): Promise<void> => {
    const place = phones.indexOf(phone);
    if (place >= 0) phones.splice(place, 1);
    await phone.hangUp();
  };
  const hangUpAll = async (): Promise<void> => {
    await Promise.all([...phones].map(leave));
    await exchange.remove(bridge);
    await exchange.close();
  };
  let ended: Promise<void> | undefined;
  // Only once: for a moment Asterisk knows a bridge that is gone, and answers 409 to whoever removes it again.
  const end = (): Promise<void> => {
    ended ??= hangUpAll();
    return ended;
  };

  try {
    await exchange.request('POST', '/bridges', { type: 'mixing', bridgeId });
    const caller = await join(options.caller);
    const callee = await join(options.callee);
    return { app, bridgeId, caller, callee, phones, joinLate: join, leave, end, [Symbol.asyncDispose]: end };
  } catch (error) {
    await end();
    throw error;
  }
}
