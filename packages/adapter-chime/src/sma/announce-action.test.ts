import { expect, test } from 'vitest';
import { announceAction } from './announce-action.ts';

test('Speak says text and SSML, with the voice that the announcement or the function names', () => {
  expect(announceAction({ text: 'This call is recorded.' }, 'leg', {})).toEqual({
    Type: 'Speak',
    Parameters: { Text: 'This call is recorded.', CallId: 'leg', TextType: 'text' },
  });
  const options = { voice: 'Vicki', language: 'de-DE', engine: 'neural' } as const;
  expect(announceAction({ ssml: '<speak>Hallo</speak>' }, 'leg', options).Parameters).toMatchObject({
    TextType: 'ssml',
    VoiceId: 'Vicki',
    LanguageCode: 'de-DE',
    Engine: 'neural',
  });
});

test('PlayAudio plays a file of S3, and no key cuts it short', () => {
  expect(announceAction({ file: 's3://prompts/de/notice.wav' }, 'leg', {})).toEqual({
    Type: 'PlayAudio',
    Parameters: { CallId: 'leg', AudioSource: { Type: 'S3', BucketName: 'prompts', Key: 'de/notice.wav' } },
  });
});

test.each([
  [{ text: '' }, /Speak\.Parameters\.Text/],
  [{ text: 'x'.repeat(1_001) }, /Speak\.Parameters\.Text: Must have at most 1000 characters, and has 1001/],
  [{ ssml: `<speak>${'x'.repeat(990)}</speak>` }, /at most 1000/],
  [{ text: 'Hello', voice: '' }, /Speak\.Parameters\.VoiceId/],
  [{ file: 'https://example.com/notice.wav' }, /from S3 only/],
  [{ file: 's3://Not_A_Bucket/notice.wav' }, /AudioSource\.BucketName/],
  [{ file: `s3://prompts/${'ü'.repeat(513)}` }, /AudioSource\.Key: .*1024 bytes/],
])('%j is invalid before anything is sent', (announcement, message) => {
  expect(() => announceAction(announcement as never, 'leg', {})).toThrow(
    expect.objectContaining({ code: 'invalid-request', message: expect.stringMatching(message) }),
  );
});
