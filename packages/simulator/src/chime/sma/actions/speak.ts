import { type ActionKind, type ActionOutcome, failure, SUCCESS } from '../action.ts';
import { spokenPrompt } from '../prompt.ts';
import { playPrompt } from './play-prompt.ts';

const MAX_CHARACTERS = 1_000;

/** Speaks a text to the leg; answers an inbound leg; cannot be interrupted. */
export const speak: ActionKind = {
  answers: true,
  needsMedia: true,
  byCallIdOnly: true,
  run: async (context) => {
    const refusal = refuseSpeech(context.parameters);
    if (refusal) return refusal;
    await playPrompt(context, spokenPrompt(String(context.parameters['Text']), context.options));
    return SUCCESS;
  },
};

/** What is wrong with the speech parameters: limits first, then what the speech service refuses without a message. */
export function refuseSpeech(parameters: Readonly<Record<string, unknown>>): ActionOutcome | undefined {
  const { Text, Engine = 'standard', TextType = 'text' } = parameters;
  if (typeof Text !== 'string' || Text === '') {
    return failure('MissingRequiredActionParameter', '`Text` is a required parameter.');
  }
  if (Text.length > MAX_CHARACTERS) {
    return failure('MissingRequiredActionParameter', '`Text` is limited to 1,000 characters');
  }
  if (Engine !== 'standard' && Engine !== 'neural') return failure('InvalidActionParameter', '');
  if (TextType !== 'text' && TextType !== 'ssml') return failure('InvalidActionParameter', '');
  if (TextType === 'ssml' && !/^\s*<speak[\s>][\s\S]*<\/speak>\s*$/.test(Text)) {
    return failure('InvalidActionParameter', '');
  }
  return undefined;
}
