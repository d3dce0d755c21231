import { readWav, toneLevel } from '@onrecord/core/media';
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

/** The two frequencies of the key 4, the first of the card number; the caller's own voice is neither. */
const KEY_HZ = [770, 1_209] as const;

/** Whether the file of the call holds a tone of the keys. */
export function holdsKeys(scene: SmaScene): boolean {
  const [file] = scene.s3.list('recordings', 'calls/').filter(({ key }) => key.endsWith('.wav'));
  const { channels, sampleRate } = readWav(scene.s3.get('recordings', file!.key)!.bytes);
  return channels.some((samples) => {
    for (let from = 0; from < samples.length; from += sampleRate / 10) {
      const window = samples.subarray(from, from + sampleRate / 10);
      if (KEY_HZ.every((frequencyHz) => toneLevel(window, sampleRate, frequencyHz) > -30)) return true;
    }
    return false;
  });
}
