import type { SmaAction } from '../event/sma-event.ts';
import { digitRules, listenRules } from './digit-rules.ts';
import { type ParameterRules, type Problem, problemsIn } from './parameter-rules.ts';
import * as must from './values.ts';

const leg: ParameterRules = {
  CallId: { rule: must.text },
  ParticipantTag: { rule: must.matching(/^LEG-[AB]$/i, 'LEG-A or LEG-B') },
};

/** Longest text of Speak, SSML tags counted: whether they count is not documented. */
const maxCharacters = 1_000;

const speech: ParameterRules = {
  Text: { required: true, rule: must.characters(maxCharacters) },
  Engine: { rule: must.oneOf('standard', 'neural') },
  LanguageCode: { rule: must.text },
  TextType: { rule: must.oneOf('text', 'ssml') },
  VoiceId: { rule: must.text },
};

const audio: ParameterRules = {
  Type: { required: true, rule: must.oneOf('S3') },
  BucketName: { required: true, rule: must.bucket },
  Key: { required: true, rule: must.bytes(1_024) },
};

const tables: { readonly [type: string]: ParameterRules } = {
  Speak: speech,
  SpeakAndGetDigits: {
    ...digitRules,
    SpeechParameters: { required: true, members: speech },
    FailureSpeechParameters: { required: true, members: speech },
  },
  PlayAudio: {
    AudioSource: { required: true, members: audio },
    PlaybackTerminators: { rule: must.keys },
    Repeat: { rule: must.above(0) },
  },
  PlayAudioAndGetDigits: {
    ...digitRules,
    AudioSource: { required: true, members: audio },
    FailureAudioSource: { required: true, members: audio },
  },
  ReceiveDigits: listenRules,
  Pause: { DurationInMilliseconds: { required: true, rule: must.between(100, 30_000) } },
  CallAndBridge: {
    CallTimeoutSeconds: { rule: must.between(0, 120) },
    CallerIdNumber: { required: true, rule: must.matching(/^\+[1-9]\d{1,14}$/, 'a number such as +15550100') },
    Endpoints: { required: true, rule: must.listOf(1) },
    RingbackTone: { members: audio },
  },
  JoinChimeMeeting: { JoinToken: { required: true, rule: must.text } },
};

/**
 * What the service would refuse an action for (developer guide, pages of the single actions and "Debugging unexpected
 * failures"). Types that are not in the table are taken as they are.
 */
export function actionProblems({ Type, Parameters }: SmaAction, path: string): readonly Problem[] {
  const table = tables[Type];
  if (!table) return [];
  const given = Parameters ?? {};
  const problems = problemsIn(given, { ...leg, ...table }, `${path}.Parameters`);
  const named =
    'CallId' in given || 'ParticipantTag' in given || Type === 'CallAndBridge' || Type === 'JoinChimeMeeting';
  const unnamed = {
    path: `${path}.Parameters`,
    message: 'Must have CallId, or ParticipantTag where that is documented.',
  };
  return named ? problems : [unnamed, ...problems];
}
