import type { ActionKind } from '../action.ts';
import { callAndBridge } from './call-and-bridge.ts';
import { pauseCallRecording, resumeCallRecording, startCallRecording, stopCallRecording } from './call-recording.ts';
import { playAudioAndGetDigits, speakAndGetDigits } from './get-digits.ts';
import { hangup } from './hangup.ts';
import { joinChimeMeeting } from './join-chime-meeting.ts';
import { pause } from './pause.ts';
import { playAudio } from './play-audio.ts';
import { receiveDigits } from './receive-digits.ts';
import { recordAudio } from './record-audio.ts';
import { speak } from './speak.ts';

/** The actions that are simulated, by type. */
export const ACTION_KINDS: Readonly<Record<string, ActionKind>> = {
  CallAndBridge: callAndBridge,
  Hangup: hangup,
  JoinChimeMeeting: joinChimeMeeting,
  Pause: pause,
  PauseCallRecording: pauseCallRecording,
  PlayAudio: playAudio,
  PlayAudioAndGetDigits: playAudioAndGetDigits,
  ReceiveDigits: receiveDigits,
  RecordAudio: recordAudio,
  ResumeCallRecording: resumeCallRecording,
  Speak: speak,
  SpeakAndGetDigits: speakAndGetDigits,
  StartCallRecording: startCallRecording,
  StopCallRecording: stopCallRecording,
};

/** Actions of the service that are not simulated: they fail and say so. */
export const NOT_SIMULATED: readonly string[] = [
  'ModifyChimeMeetingAttendees',
  'SendDigits',
  'StartBotConversation',
  'VoiceFocus',
];

/** All actions of the service. */
export const ACTION_NAMES: readonly string[] = [...Object.keys(ACTION_KINDS), ...NOT_SIMULATED];
