export { nthStartIndex, nthStartKey, sessionsOfCall } from './call-sessions.ts';
export { type CheckedStart, canAnnounce, checkStart, type StartRules } from './check-start.ts';
export { createRecorder } from './create-recorder.ts';
export * from './execute-command.ts';
export type {
  ArchiveOption,
  Recorder,
  RecorderAnnounce,
  RecorderBase,
  RecorderInstance,
  RecorderOptions,
  StartRequest,
  StartUpReport,
} from './recorder.ts';
export type {
  SecureContext,
  SecureOptions,
  Session,
  SessionBase,
  SessionDiscard,
  SessionPause,
  WaitOptions,
} from './session.ts';
export { isOver, isSettled } from './settled.ts';
