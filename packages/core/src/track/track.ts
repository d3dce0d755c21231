import type { CallRef } from '../call/call-ref.ts';

/** One logical stream in finished media: where it lies and whose voice it holds, seen from one leg. */
export interface Track {
  /** Channel index in the artifact, from 0; absent when the artifact holds one stream only. */
  readonly channel?: number | undefined;
  readonly from: 'participant' | 'everyone-else' | 'everyone';
  /** @personal Provider's id of the participant, where one is known. */
  readonly participant?: string | undefined;
  /** Key of the call that `from` is relative to. */
  readonly relativeTo: CallRef['key'];
  /** Milliseconds from the start of the session's first part to sample 0. */
  readonly offsetMs: number;
  /** Whether announcements are audible in it. */
  readonly prompts: 'included' | 'absent' | 'unknown';
}
