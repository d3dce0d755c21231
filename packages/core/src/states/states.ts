/** Where a session stands. `completed` and `failed` are terminal and sticky. */
export const sessionStates = [
  'requested',
  'starting',
  'recording',
  'paused',
  'stopping',
  'processing',
  'completed',
  'failed',
] as const;
export type SessionState = (typeof sessionStates)[number];

/** Why capture ended, or why there is nothing. */
export const endReasons = [
  'requested',
  'call-ended',
  'limit-reached',
  'discarded',
  'empty',
  'never-started',
  'permission-denied',
  'provider-error',
  'storage-error',
  'lost',
  'unknown',
] as const;
export type EndReason = (typeof endReasons)[number];

export const artifactStates = ['pending', 'available', 'stored', 'missing', 'expired', 'deleted'] as const;
export type ArtifactState = (typeof artifactStates)[number];

/** Where one part stands; a session's state is derived from its parts and artifacts. */
export type PartState = 'requested' | 'starting' | 'recording' | 'paused' | 'stopping' | 'ended' | 'failed';

/** What the expectation ledger says of a session; `missing` heals when the file turns up. */
export type Verdict = 'none' | 'pending' | 'present' | 'late' | 'missing' | 'short';
