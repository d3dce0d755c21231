import type { Secret } from '@onrecord/core';

/** Which literal of capabilities the server keeps; a newer server keeps an older one, too. */
export type AsteriskServer = 'asterisk-16' | 'asterisk-22';

/** Samples per second of WAV files: the telephone band, or the wide one. */
export type WavRate = 8000 | 16000;

export interface AsteriskOptions<S extends AsteriskServer = AsteriskServer> {
  /** Where ARI answers, with its prefix: `https://pbx.example:8089/ari`. Without user name, password and query. */
  readonly url: string;
  /** A user of `ari.conf` who may write (`read_only = no`). */
  readonly username: string;
  readonly password: string | Secret;
  /**
   * Name of the Stasis application under which snoop channels are made and events are heard. One deployment of OnRecord
   * each: of two that use the same name, the server sends events to the last one only. @default 'onrecord'
   */
  readonly app?: string | undefined;
  /** Folder below the server's recording folder, e.g. `onrecord` or `calls/main`. @default 'onrecord' */
  readonly folder?: string | undefined;
  /**
   * What the server is; an older one than this is refused at the first request. Asterisk 18 to 21 count as `asterisk-16`.
   * @default 'asterisk-22'
   */
  readonly server?: S | undefined;
  /**
   * Whose calls the application hears of. `started`: channels that enter the application, and the call of each recording
   * that is started. `all`: every channel and bridge of the server. @default 'started'
   */
  readonly calls?: 'started' | 'all' | undefined;
  /** Of WAV files; Opus is always 48000. A start may choose otherwise. @default 8000 */
  readonly sampleRateHz?: WavRate | undefined;
  /**
   * What is played for announcements of text, since Asterisk speaks none: the text, word for word, and the media of the
   * server that says it, e.g. `{ 'This call is recorded.': 'sound:call-recorded' }`. Without the option nothing can be
   * announced from text; a text that is not in it is `unsupported`. Language and voice are those of the media.
   */
  readonly sounds?: { readonly [text: string]: string } | undefined;
  /** Permits `http` beyond this machine. The password then crosses the network readable. @default false */
  readonly allowHttp?: boolean | undefined;
}
