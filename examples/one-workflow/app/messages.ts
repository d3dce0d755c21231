import type { RecordingEvent, SessionRecord, SessionState, StartUpReport } from '@onrecord/core';

/** What whoever runs the processes of the application tells the web process: stands for its users. */
export type ToApp =
  /** The agent opens the payment form. */
  | { readonly tell: 'take-card' }
  /** The caller has read out the number. */
  | { readonly tell: 'collected' }
  | { readonly tell: 'pause' | 'resume' | 'stop'; readonly until: 'accepted' | 'confirmed' };

/** What a process of the application tells: stands for its screens and logs. */
export type FromApp =
  /** It serves, or works, from now on. */
  | { readonly tell: 'ready'; readonly url?: string | undefined; readonly report?: StartUpReport | undefined }
  | { readonly tell: 'state'; readonly sessionId: string; readonly state: SessionState }
  /** The form is open: the recording is paused, and that is proven. */
  | { readonly tell: 'collect' }
  | { readonly tell: 'card-taken' }
  /** A command was taken by the provider, or is known to have happened. */
  | { readonly tell: 'done'; readonly command: 'pause' | 'resume' | 'stop' }
  /** It logged that something went wrong; `code` where the error has one. */
  | { readonly tell: 'warning'; readonly text: string; readonly code?: string | undefined }
  | { readonly tell: 'event'; readonly event: RecordingEvent }
  | { readonly tell: 'settled'; readonly record: SessionRecord };
