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

/** A literal as a driver has it: with `text` among the sources where its option `sounds` says what to play for texts. */
type WithSounds<C extends { readonly announce: object }> = Omit<C, 'announce'> & {
  readonly announce: Omit<C['announce'], 'sources'> & {
    readonly sources: readonly ['file'] | readonly ['text', 'file'];
  };
};

/** What a driver for this server offers. */
export type AsteriskCapabilities<S extends AsteriskServer = AsteriskServer> = {
  readonly 'asterisk-16': WithSounds<typeof asterisk16Capabilities>;
  readonly 'asterisk-22': WithSounds<typeof asterisk22Capabilities>;
}[S];

type Table = { readonly [S in AsteriskServer]: AsteriskCapabilities<S> };

const fromFiles: Table = { 'asterisk-16': asterisk16Capabilities, 'asterisk-22': asterisk22Capabilities };
const fromTexts: Table = {
  'asterisk-16': withTexts(asterisk16Capabilities),
  'asterisk-22': withTexts(asterisk22Capabilities),
};

function withTexts<C extends typeof asterisk16Capabilities | typeof asterisk22Capabilities>(literal: C) {
  return { ...literal, announce: { ...literal.announce, sources: ['text', 'file'] } } as const;
}

/**
 * What a server can do, by its generation.
 * @param options.sounds whether the driver knows media for texts, as its option `sounds` says. @default false
 */
export function capabilitiesFor<S extends AsteriskServer>(
  server: S,
  { sounds = false }: { readonly sounds?: boolean | undefined } = {},
): AsteriskCapabilities<S> {
  return (sounds ? fromTexts : fromFiles)[server];
}
