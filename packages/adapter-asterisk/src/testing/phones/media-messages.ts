import type { SilencePolicy } from './rtp-line.ts';

/** To the media thread. `id` numbers the lines, `reply` the questions. */
export type ToMedia =
  | {
      readonly type: 'open';
      readonly id: number;
      readonly address: string;
      readonly silence: SilencePolicy;
      readonly reply: number;
    }
  | { readonly type: 'connect'; readonly id: number; readonly port: number; readonly address: string }
  | { readonly type: 'say'; readonly id: number; readonly toneHz: number | undefined }
  | { readonly type: 'play'; readonly id: number; readonly samples: Int16Array; readonly reply: number }
  | { readonly type: 'heard'; readonly id: number; readonly reply: number }
  | { readonly type: 'close'; readonly id: number };

/** What a question is answered with: the port of `open`, the bytes of `heard`, when `play` began. */
export interface FromMedia {
  readonly reply: number;
  readonly port?: number;
  readonly heard?: Uint8Array;
  /** Wall time of the first packet of a clip, epoch ms. */
  readonly startedAt?: number | undefined;
  readonly error?: string;
}
