import type { ActionContext, ActionKind, ActionOutcome } from '../action.ts';
import type { KeyReader } from '../keypad.ts';
import { type Prompt, recordedPrompt } from '../prompt.ts';
import { type DigitRules, readDigitRules } from './digit-rules.ts';
import { invalidAudioSource } from './play-audio.ts';
import { playPrompt } from './play-prompt.ts';
import { refuseSpeech } from './speak.ts';

/** Speaks and collects digits, in several attempts; blocks the list to the end of the last. */
export const speakAndGetDigits: ActionKind = {
  answers: true,
  needsMedia: true,
  byCallIdOnly: true,
  run: async (context) => {
    const speech = (context.parameters['SpeechParameters'] ?? {}) as Readonly<Record<string, unknown>>;
    const failed = (context.parameters['FailureSpeechParameters'] ?? {}) as Readonly<Record<string, unknown>>;
    const refusal = refuseSpeech(speech) ?? refuseSpeech({ ...speech, Text: undefined, ...failed });
    if (refusal) return refusal;
    const prompt = context.engine.speech.speak(String(speech['Text']));
    if ('message' in prompt) return { ok: false, error: prompt };
    const failurePrompt = context.engine.speech.speak(String(failed['Text']));
    if ('message' in failurePrompt) return { ok: false, error: failurePrompt };
    return collect(context, prompt, failurePrompt);
  },
};

/** Plays a file and collects digits, in several attempts; blocks the list to the end of the last. */
export const playAudioAndGetDigits: ActionKind = {
  answers: true,
  needsMedia: true,
  run: async (context) => {
    const prompt = recordedPrompt(context.engine, context.parameters['AudioSource']);
    const failed = recordedPrompt(context.engine, context.parameters['FailureAudioSource']);
    return prompt && failed ? collect(context, prompt, failed) : invalidAudioSource();
  },
};

async function collect(context: ActionContext, prompt: Prompt, failurePrompt: Prompt): Promise<ActionOutcome> {
  const rules = readDigitRules(context.parameters);
  if ('refusal' in rules) return rules.refusal;
  for (let attempt = 0; attempt < rules.attempts; attempt++) {
    const digits = await oneAttempt(context, prompt, rules);
    if (digits !== undefined) return { ok: true, extra: { ReceivedDigits: digits } };
    await playPrompt(context, failurePrompt);
  }
  return { ok: false, error: context.options.digitsFailure };
}

/** The digits of one attempt, or undefined when they do not fit the rules. */
async function oneAttempt(context: ActionContext, prompt: Prompt, rules: DigitRules): Promise<string | undefined> {
  const reader = context.leg.keypad.open();
  try {
    const cuts = () => context.options.bargeIn;
    const early = await playPrompt(context, prompt, { reader, cuts });
    const { digits, terminator } = await readKeys(context, reader, early, rules);
    if (digits.length < rules.min || digits.length + terminator.length === 0) return undefined;
    const fits = !rules.pattern || rules.pattern.test(digits) || rules.pattern.test(digits + terminator);
    if (!fits) return undefined;
    return context.options.terminatorInDigits ? digits + terminator : digits;
  } finally {
    reader.close();
  }
}

async function readKeys(
  { clock, signal }: ActionContext,
  reader: KeyReader,
  early: readonly string[],
  rules: DigitRules,
): Promise<{ readonly digits: string; readonly terminator: string }> {
  const end = clock.monotonic() + rules.attemptMs;
  const waiting = [...early];
  let digits = '';
  while (digits.length < rules.max) {
    const left = Math.max(0, end - clock.monotonic());
    const ms = digits === '' ? left : Math.min(left, rules.betweenMs);
    const key = waiting.shift() ?? (await reader.next(ms, signal));
    if (key === undefined) break;
    if (rules.terminators.includes(key)) return { digits, terminator: key };
    digits += key;
  }
  return { digits, terminator: '' };
}
