import { type ActionKind, type ActionOutcome, failure, numeric, SUCCESS } from '../action.ts';
import { checkParameters } from '../parameters/parameter-rule.ts';
import { PLAY_AUDIO } from '../parameters/tables.ts';
import { recordedPrompt } from '../prompt.ts';
import { playPrompt } from './play-prompt.ts';

/** Plays a file from S3 to the leg; answers an inbound leg; interruptible, by a terminator key as well. */
export const playAudio: ActionKind = {
  interruptible: true,
  answers: true,
  needsMedia: true,
  run: async (context) => {
    const { engine, leg, parameters } = context;
    const prompt = recordedPrompt(engine, parameters['AudioSource']);
    if (!prompt) return invalidAudioSource();
    const refusal = checkParameters(PLAY_AUDIO, parameters);
    if (refusal) return refusal;
    const repeat = numeric(parameters['Repeat']) ?? 1;
    const terminators = parameters['PlaybackTerminators'];
    const cuts = (key: string) => Array.isArray(terminators) && terminators.includes(key);
    const reader = Array.isArray(terminators) ? leg.keypad.open() : undefined;
    try {
      for (let round = 0; round < repeat; round++) {
        const keys = await playPrompt(context, prompt, reader && { reader, cuts });
        if (keys.some(cuts)) break;
      }
      return SUCCESS;
    } finally {
      reader?.close();
    }
  },
};

export function invalidAudioSource(): ActionOutcome {
  return failure('InvalidAudioSource', 'Audio Source parameter value is invalid.');
}
