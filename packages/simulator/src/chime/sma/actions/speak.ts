import type { ActionKind, ActionOutcome } from '../action.ts';
import { failure, SUCCESS } from '../action.ts';
import { checkParameters } from '../parameters/parameter-rule.ts';
import { SPEECH } from '../parameters/tables.ts';
import { playPrompt } from './play-prompt.ts';

/** Speaks a text to the leg; answers an inbound leg; cannot be interrupted. */
export const speak: ActionKind = {
  answers: true,
  needsMedia: true,
  byCallIdOnly: true,
  run: async (context) => {
    const { engine, parameters } = context;
    const refusal = refuseSpeech(parameters);
    if (refusal) return refusal;
    const prompt = engine.speech.speak(String(parameters['Text']));
    if ('message' in prompt) return { ok: false, error: prompt };
    await playPrompt(context, prompt);
    return SUCCESS;
  },
};

/** What is wrong with the parameters of a speech; markup that the speech service cannot read comes without words. */
export function refuseSpeech(parameters: Readonly<Record<string, unknown>>): ActionOutcome | undefined {
  const refusal = checkParameters(SPEECH, parameters);
  if (refusal) return refusal;
  const isMarkup = /^\s*<speak[\s>][\s\S]*<\/speak>\s*$/.test(String(parameters['Text']));
  if (parameters['TextType'] === 'ssml' && !isMarkup) return failure('InvalidActionParameter', '');
  return undefined;
}
