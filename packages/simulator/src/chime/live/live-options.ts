/** What is not documented of live connectors; every default is stated. */
export interface LiveOptions {
  /**
   * Whether an RTMP server takes what is published to it. No server is contacted: where this says no, the pipeline
   * fails. @default always
   */
  readonly accepts?: ((url: string) => boolean) | undefined;
  /** The rate where a request names none: 48000 in the API model, 44100 in the guide. @default '48000' */
  readonly defaultAudioSampleRate?: '44100' | '48000' | undefined;
}

export type ResolvedLiveOptions = { readonly [Name in keyof LiveOptions]-?: Exclude<LiveOptions[Name], undefined> };

export function resolveLiveOptions(options: LiveOptions = {}): ResolvedLiveOptions {
  return {
    accepts: options.accepts ?? (() => true),
    defaultAudioSampleRate: options.defaultAudioSampleRate ?? '48000',
  };
}
