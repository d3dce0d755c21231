import type { SmaAction, SmaEvent } from '../sma/index.ts';
import { announceThenRecord, openSmaScene, type SceneOptions, type SmaScene } from './sma-scene.ts';

export const card = '4111111111111111';

export function askDigits(event: SmaEvent): SmaAction {
  const CallId = event.CallDetails.Participants[0]!.CallId;
  const speech = { Text: 'Your card number, please.' };
  return {
    Type: 'SpeakAndGetDigits',
    Parameters: {
      CallId,
      InputDigitsRegex: '^\\d{16}$',
      SpeechParameters: speech,
      FailureSpeechParameters: speech,
      MinNumberOfDigits: 12,
      MaxNumberOfDigits: 16,
      Repeat: 1,
      RepeatDurationInMilliseconds: 10_000,
    },
  };
}

/** Asks for a card number once the recording runs, in a secure section: pause, digits, resumption, in three answers. */
export function openCardScene(options: SceneOptions & { readonly maxMs?: number } = {}): Promise<SmaScene> {
  const { maxMs = 60_000, ...rest } = options;
  return openSmaScene({
    onCall: announceThenRecord,
    ivr: (event, { turn, sessionIds, notices }) => {
      const [session] = sessionIds;
      if (event.ActionData?.Type === 'StartCallRecording' && session) turn.secure(session, { maxMs });
      if (notices.some(({ type }) => type === 'secure.entered')) return { before: [askDigits(event)] };
      if (event.ActionData?.Type === 'SpeakAndGetDigits' && session) turn.endSecure(session);
      return undefined;
    },
    ...rest,
  });
}
