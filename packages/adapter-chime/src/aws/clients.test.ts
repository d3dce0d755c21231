import { inspect } from 'node:util';
import type { ChimeSDKMediaPipelinesClient } from '@aws-sdk/client-chime-sdk-media-pipelines';
import type { ChimeSDKMeetingsClient } from '@aws-sdk/client-chime-sdk-meetings';
import type { ChimeSDKVoiceClient } from '@aws-sdk/client-chime-sdk-voice';
import { OnRecordError } from '@onrecord/core';
import { expect, expectTypeOf, test } from 'vitest';
import { chimeMeeting, chimeSma } from '../index.ts';
import { awsKeys, openAnsweringAws, services } from '../testing/answering-aws.ts';
import { classifyAwsError } from './classify-error.ts';

const secrets = /very-secret-(key|token)/;

test('a failed request is sent once: the SDK repeats none, least of all an UpdateSipMediaApplicationCall without token', async () => {
  await using aws = await openAnsweringAws();
  for (const status of [429, 500, 503]) {
    aws.answer({ status });
    for (const service of services) {
      const before = aws.requests();
      await aws.thrown(service);
      expect(aws.requests() - before, `${service} ${status}`).toBe(1);
    }
  }
});

test('options of the clients do not bring the repetitions of the SDK back', async () => {
  await using aws = await openAnsweringAws();
  const options = { region: 'us-east-1', endpoint: aws.endpoint, credentials: awsKeys };
  const sma = chimeSma({ ...options, client: { maxAttempts: 5 } });
  const meeting = chimeMeeting({ ...options, bucket: 'recordings', client: { maxAttempts: 5 } });
  expect(await sma.native().client().config.maxAttempts()).toBe(1);
  expect(await meeting.native().clients().pipelines.config.maxAttempts()).toBe(1);
  await sma.close();
  await meeting.close();
});

test('clients are kept by control region, and typed', async () => {
  await using aws = await openAnsweringAws();
  const { meeting, sma } = aws.drivers;
  const { pipelines, meetings } = meeting.native().clients('eu-central-1');
  const voice = sma.native().client('eu-central-1');
  expect(meeting.native().clients('eu-central-1').pipelines).toBe(pipelines);
  expect(meeting.native().clients().pipelines).not.toBe(pipelines);
  expect(meeting.native().clients().pipelines).toBe(meeting.native().clients('us-east-1').pipelines);
  expect(sma.native().client('eu-central-1')).toBe(voice);
  expect(await pipelines.config.region()).toBe('eu-central-1');
  expect(await voice.config.region()).toBe('eu-central-1');
  expectTypeOf(pipelines).toEqualTypeOf<ChimeSDKMediaPipelinesClient>();
  expectTypeOf(meetings).toEqualTypeOf<ChimeSDKMeetingsClient>();
  expectTypeOf(voice).toEqualTypeOf<ChimeSDKVoiceClient>();
});

test('neither driver, nor client, nor error shows a secret', async () => {
  await using aws = await openAnsweringAws();
  const { meeting, sma } = aws.drivers;
  aws.answer({ status: 403, headers: { 'x-amzn-errortype': 'ForbiddenException' }, body: '{"Message":"no"}' });
  const thrown = await Promise.all(services.map((service) => aws.thrown(service)));
  const wrapped = thrown.map((error) => OnRecordError.wrap(error, classifyAwsError(error, 'safe'), { operation: 'x' }));
  const clients = [meeting.native().clients().pipelines, sma.native().client()];
  for (const shown of [meeting, sma, meeting.native(), sma.native(), ...clients, ...thrown, ...wrapped]) {
    expect(inspect(shown, { depth: 12, maxStringLength: null, maxArrayLength: null })).not.toMatch(secrets);
  }
  for (const shown of [meeting, sma, ...thrown, ...wrapped]) expect(JSON.stringify(shown)).not.toMatch(secrets);
});

test('a refused configuration does not show the credentials in it', () => {
  const credentials = { accessKeyId: 1, secretAccessKey: 'very-secret-key', sessionToken: 'very-secret-token' };
  for (const make of [
    () => chimeSma({ region: 'nowhere', credentials: credentials as never }),
    () => chimeMeeting({ region: 'nowhere', bucket: '', credentials: credentials as never }),
  ]) {
    const error = (() => {
      try {
        return make();
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(OnRecordError.is(error, 'invalid-request')).toBe(true);
    expect(inspect(error, { depth: 12 }) + JSON.stringify(error)).not.toMatch(secrets);
  }
});
