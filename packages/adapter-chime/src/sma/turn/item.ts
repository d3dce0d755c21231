import type { SmaAction } from '../event/sma-event.ts';

/** What an action of ours stands for. Short member names: the state travels in at most 1 KB. */
export type Own =
  | {
      readonly kind: 'start' | 'pause' | 'resume' | 'stop';
      readonly session: string;
      readonly command: string;
      /** CallId of the leg. */
      readonly leg: string;
      /** The user's actions for the case that this one fails. */
      readonly onFailure?: readonly SmaAction[] | undefined;
      /** It was in an answer that the service refused, and is given one more try. */
      readonly again?: true | undefined;
    }
  | {
      readonly kind: 'announce';
      readonly announcement: string;
      readonly leg: string;
      readonly again?: true | undefined;
    };

export type OwnCommand = Extract<Own, { readonly command: string }>;

/** One action of a list, ours or the user's. */
export interface Item {
  readonly action: SmaAction;
  readonly own?: Own | undefined;
}

const recordingActions: readonly string[] = [
  'StartCallRecording',
  'StopCallRecording',
  'PauseCallRecording',
  'ResumeCallRecording',
  'RecordAudio',
];

/** Actions that a newer list stops; every other one runs to its end first (developer guide, "CALL_UPDATE_REQUESTED"). */
const interruptible: readonly string[] = ['PlayAudio', 'RecordAudio', 'Pause'];

/**
 * Actions that answer an inbound leg. For Pause, StartCallRecording and ReceiveDigits the documentation does not say
 * so: they are not relied on.
 */
const answering: readonly string[] = [
  'PlayAudio',
  'RecordAudio',
  'Speak',
  'CallAndBridge',
  'SpeakAndGetDigits',
  'PlayAudioAndGetDigits',
  'JoinChimeMeeting',
];

export function isRecordingAction(item: Item): boolean {
  return recordingActions.includes(item.action.Type) || commandOf(item) !== undefined;
}

/** A message of ours: a start that blocks what follows it, and that is reported when it is over. */
export function isMessage({ action, own }: Item): boolean {
  return own?.kind === 'start' && action.Type === 'RecordAudio';
}

export function isInterruptible({ action }: Item): boolean {
  return interruptible.includes(action.Type);
}

export function answersLeg({ action }: Item): boolean {
  return answering.includes(action.Type);
}

/** The command of an item, unless it is the user's or an announcement. */
export function commandOf({ own }: Item): OwnCommand | undefined {
  return own && own.kind !== 'announce' ? own : undefined;
}

/** The user's actions as items. */
export function itemsOf(actions: readonly SmaAction[] | undefined): readonly Item[] {
  return (actions ?? []).map((action) => ({ action }));
}
