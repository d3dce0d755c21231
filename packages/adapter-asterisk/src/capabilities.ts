import type { AsteriskServer } from './config/options.ts';

/**
 * Asterisk 16 to 21, as measured on 16.28, which writes no Opus files. Before a repair of September 2023 a mute works once
 * per recording (issue 322): the second silent pause would be recorded, so none is offered.
 *
 * @see {@link https://github.com/asterisk/asterisk/issues/322}
 */
export const asterisk16Capabilities = {
  spec: 'onrecord.capabilities/v1',
  calls: ['asterisk.channel', 'asterisk.bridge'],
  outputs: [
    { media: 'audio', layout: 'mixed', container: 'wav' },
    { media: 'audio', layout: 'separate', container: 'wav' },
    { media: 'audio', layout: 'per-participant', container: 'wav' },
    { media: 'audio', layout: 'incoming', container: 'wav' },
    { media: 'audio', layout: 'outgoing', container: 'wav' },
  ],
  pause: { effects: ['omitted'], fidelity: 'native', startPaused: true },
  discard: 'native',
  announce: { fidelity: 'native', sources: ['file'], on: ['asterisk.channel', 'asterisk.bridge'] },
  starts: { scope: 'call', concurrent: 'unlimited', total: 'unlimited' },
  confirms: {
    start: ['answer', 'poll'],
    pause: ['answer', 'poll'],
    resume: ['answer', 'poll'],
    stop: ['answer', 'poll'],
  },
  commandPlane: 'direct',
  custody: 'provider',
  lookup: 'token',
  status: true,
} as const;

/** Asterisk 22, as measured on 22.10. */
export const asterisk22Capabilities = {
  spec: 'onrecord.capabilities/v1',
  calls: ['asterisk.channel', 'asterisk.bridge'],
  outputs: [
    { media: 'audio', layout: 'mixed', container: 'wav' },
    { media: 'audio', layout: 'separate', container: 'wav' },
    { media: 'audio', layout: 'per-participant', container: 'wav' },
    { media: 'audio', layout: 'incoming', container: 'wav' },
    { media: 'audio', layout: 'outgoing', container: 'wav' },
    { media: 'audio', layout: 'mixed', container: 'ogg' },
    { media: 'audio', layout: 'separate', container: 'ogg' },
    { media: 'audio', layout: 'per-participant', container: 'ogg' },
    { media: 'audio', layout: 'incoming', container: 'ogg' },
    { media: 'audio', layout: 'outgoing', container: 'ogg' },
  ],
  pause: { effects: ['omitted', 'silence'], fidelity: 'native', startPaused: true },
  discard: 'native',
  announce: { fidelity: 'native', sources: ['file'], on: ['asterisk.channel', 'asterisk.bridge'] },
  starts: { scope: 'call', concurrent: 'unlimited', total: 'unlimited' },
  confirms: {
    start: ['answer', 'poll'],
    pause: ['answer', 'poll'],
    resume: ['answer', 'poll'],
    stop: ['answer', 'poll'],
  },
  commandPlane: 'direct',
  custody: 'provider',
  lookup: 'token',
  status: true,
} as const;

const literals = { 'asterisk-16': asterisk16Capabilities, 'asterisk-22': asterisk22Capabilities } as const;

/** The literal that a driver for this server has. */
export type AsteriskCapabilities<S extends AsteriskServer = AsteriskServer> = {
  readonly 'asterisk-16': typeof asterisk16Capabilities;
  readonly 'asterisk-22': typeof asterisk22Capabilities;
}[S];

/** What a server can do, by its generation. */
export function capabilitiesFor<S extends AsteriskServer>(server: S): AsteriskCapabilities<S> {
  return literals[server];
}
