import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import {
  ChimeSDKMediaPipelinesClient,
  DeleteMediaPipelineCommand,
  GetMediaPipelineCommand,
  ListMediaPipelinesCommand,
} from '@aws-sdk/client-chime-sdk-media-pipelines';
import { CreateMeetingCommand, GetMeetingCommand } from '@aws-sdk/client-chime-sdk-meetings';
import {
  CreateSipMediaApplicationCallCommand,
  UpdateSipMediaApplicationCallCommand,
} from '@aws-sdk/client-chime-sdk-voice';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { VirtualClock } from '../../clock/virtual-clock.ts';
import { SimulatedS3 } from '../../s3/index.ts';
import type { SimulatedChime } from '../simulated-chime.ts';
import { startChime } from '../start-chime.ts';
import { type Clients, openClients } from '../testing/clients.ts';
import { referencePath } from '../testing/reference.ts';
import { OPERATIONS } from './operations/index.ts';
import { route } from './router.ts';
import { chimeErrorAnswer } from './service-error.ts';

let clock: VirtualClock;
let s3: SimulatedS3;
let chime: SimulatedChime;
let clients: Clients;

beforeEach(async () => {
  clock = new VirtualClock();
  s3 = await SimulatedS3.start({ clock, buckets: ['bucket'] });
  chime = await startChime({ clock, s3 });
  clients = openClients(chime);
});
afterEach(async () => {
  clients[Symbol.dispose]();
  await chime.close();
  await s3.close();
  clock[Symbol.dispose]();
});

const someId = '1e6bf4f5-f4b5-4917-b8c9-bda45c340706';
const getPipeline = () => clients.pipelines.send(new GetMediaPipelineCommand({ MediaPipelineId: someId }));
const createMeeting = (token: string) =>
  clients.meetings.send(
    new CreateMeetingCommand({ ClientRequestToken: token, MediaRegion: 'us-east-1', ExternalMeetingId: 'external' }),
  );

describe('errors reach the SDK by their name', () => {
  test('not found', async () => {
    await expect(getPipeline()).rejects.toMatchObject({
      name: 'NotFoundException',
      Code: 'NotFound',
      message: 'The media pipeline was not found.',
      RequestId: expect.any(String),
      $metadata: { httpStatusCode: 404 },
    });
  });

  test('a violation of the table, in the path too, an empty label included', async () => {
    for (const MediaPipelineId of ['not-a-guid', '']) {
      const sent = clients.pipelines.send(new DeleteMediaPipelineCommand({ MediaPipelineId }));
      await expect(sent).rejects.toMatchObject({
        name: 'BadRequestException',
        message: expect.stringContaining("'mediaPipelineId' failed to satisfy constraint"),
      });
    }
    await expect(clients.pipelines.send(new ListMediaPipelinesCommand({ MaxResults: 101 }))).rejects.toMatchObject({
      name: 'BadRequestException',
    });
  });

  test('a path that is none, as a base address with a slash at its end makes', async () => {
    const missing = await fetch(`${chime.endpoint}//meetings`, { method: 'POST' });
    expect([missing.status, missing.headers.get('x-amzn-errortype')]).toEqual([404, 'UnknownOperationException']);
  });
});

describe('signatures', () => {
  const send = async (change: Record<string, unknown>) => {
    const client = new ChimeSDKMediaPipelinesClient({ ...chime.clientConfig(), maxAttempts: 1, ...change });
    try {
      return await client.send(new ListMediaPipelinesCommand({}));
    } finally {
      client.destroy();
    }
  };

  test('good ones pass', async () => {
    expect((await send({})).MediaPipelines).toEqual([]);
  });

  test.each<[string, Record<string, unknown>, string, number]>([
    [
      'an unknown key',
      { credentials: { accessKeyId: 'AKIAOTHER', secretAccessKey: 'x' } },
      'UnauthorizedClientException',
      401,
    ],
    [
      'a wrong secret',
      { credentials: { accessKeyId: 'AKIASIMULATEDEXAMPLE', secretAccessKey: 'x' } },
      'ForbiddenException',
      403,
    ],
    ['another region', { region: 'eu-central-1' }, 'ForbiddenException', 403],
    ['a clock an hour late', { systemClockOffset: -3_600_000 }, 'ForbiddenException', 403],
  ])('%s', async (_, change, name, status) => {
    await expect(send(change)).rejects.toMatchObject({ name, $metadata: { httpStatusCode: status } });
  });

  test('none at all', async () => {
    const answer = await fetch(`${chime.endpoint}/sdk-media-pipelines`);
    expect([answer.status, answer.headers.get('x-amzn-errortype')]).toEqual([403, 'ForbiddenException']);
  });

  test('a body changed after it was signed', async () => {
    const { requestHandler } = clients.meetings.config;
    const handle = requestHandler.handle.bind(requestHandler);
    requestHandler.handle = (request, options) => {
      const body = new TextDecoder().decode(request.body).replace('external', 'EXTERNAL');
      return handle(Object.assign(request, { body }), options);
    };
    await expect(createMeeting('token-one')).rejects.toMatchObject({
      name: 'ForbiddenException',
      message: expect.stringContaining('mismatch'),
    });
    expect(chime.eventBridge.events()).toEqual([]);
  });
});

describe('faults', () => {
  test('throttling is retried by the SDK, and told by its name when it lasts', async () => {
    const patient = openClients(chime, { maxAttempts: 3 });
    const fault = chimeErrorAnswer('ThrottledClient', 'Rate exceeded', { retryAfterSeconds: 0 });
    chime.faults.next({ match: 'ListMediaPipelines', fault, times: 2 });
    await patient.pipelines.send(new ListMediaPipelinesCommand({}));
    patient[Symbol.dispose]();
    chime.faults.next({ fault: chimeErrorAnswer('ThrottledClient', 'Rate exceeded') });
    await expect(clients.pipelines.send(new ListMediaPipelinesCommand({}))).rejects.toMatchObject({
      name: 'ThrottledClientException',
      Code: 'Throttling',
    });
    expect(chime.requests().map(({ operation, status }) => `${operation} ${status}`)).toEqual([
      'ListMediaPipelines 429',
      'ListMediaPipelines 429',
      'ListMediaPipelines 200',
      'ListMediaPipelines 429',
    ]);
  });

  test('an answer lost after the work: the same token finds the meeting that was made', async () => {
    chime.faults.next({ match: 'CreateMeeting', fault: 'drop-before-answer' });
    const token = randomUUID();
    await expect(createMeeting(token)).rejects.toThrow();
    const { Meeting } = await createMeeting(token);
    const [lost, repeated] = chime.requests();
    expect([lost?.status, lost?.delivered]).toEqual([200, false]);
    expect(repeated?.body).toEqual(lost?.body);
    const started = chime.eventBridge.events().filter(({ detail }) => detail['eventType'] === 'chime:MeetingStarted');
    expect(started.map(({ detail }) => detail['meetingId'])).toEqual([Meeting?.MeetingId]);
  });
});

describe('the voice API', () => {
  test('places a call and updates it', async () => {
    const events: string[] = [];
    const application = chime.sipMediaApplication(async ({ InvocationEventType, ActionData }) => {
      events.push([InvocationEventType, JSON.stringify(ActionData?.Parameters?.['Arguments'])].join(' '));
      return { SchemaVersion: '1.0', Actions: [] };
    });
    chime.phone('+12065551212', { name: 'callee' });
    const ids = { SipMediaApplicationId: application.id };
    const placed = await clients.voice.send(
      new CreateSipMediaApplicationCallCommand({
        ...ids,
        FromPhoneNumber: '+15105550101',
        ToPhoneNumber: '+12065551212',
        ArgumentsMap: { session: 'one' },
      }),
    );
    expect(placed.$metadata.httpStatusCode).toBe(201);
    await clock.advance(3_000);
    const TransactionId = placed.SipMediaApplicationCall?.TransactionId ?? '';
    const update = new UpdateSipMediaApplicationCallCommand({ ...ids, TransactionId, Arguments: { do: 'pause' } });
    const updated = await clients.voice.send(update);
    expect(updated.$metadata.httpStatusCode).toBe(202);
    expect(updated.SipMediaApplicationCall).toEqual({ TransactionId });
    await clock.idle();
    expect(events).toEqual([
      'NEW_OUTBOUND_CALL {"session":"one"}',
      'RINGING ',
      'CALL_ANSWERED ',
      'CALL_UPDATE_REQUESTED {"do":"pause"}',
    ]);
    application.calls[0]?.hangUp();
    await clock.idle();
    await expect(clients.voice.send(update)).rejects.toMatchObject({ name: 'NotFoundException' });
  });

  test('refuses what it does not know', async () => {
    const update = { SipMediaApplicationId: 'no', TransactionId: someId, Arguments: {} };
    await expect(clients.voice.send(new UpdateSipMediaApplicationCallCommand(update))).rejects.toMatchObject({
      name: 'NotFoundException',
    });
    const call = { SipMediaApplicationId: 'no', FromPhoneNumber: '+15105550101', ToPhoneNumber: 'callee' };
    await expect(clients.voice.send(new CreateSipMediaApplicationCallCommand(call))).rejects.toMatchObject({
      name: 'BadRequestException',
      message: expect.stringContaining('toPhoneNumber'),
    });
  });
});

test('meetings of the meetings API are those of the simulator', async () => {
  const { Meeting } = await createMeeting('token-one');
  expect(Meeting).toMatchObject({ ExternalMeetingId: 'external', MediaRegion: 'us-east-1' });
  expect(chime.meeting(Meeting?.MeetingId ?? '')?.arn).toBe(Meeting?.MeetingArn);
  const got = await clients.meetings.send(new GetMeetingCommand({ MeetingId: Meeting?.MeetingId }));
  expect(got.Meeting).toEqual(Meeting);
});

const recorded = 'aws/wire/sdk-requests.json';
const atHand = existsSync(referencePath(recorded));
if (!atHand) console.info('skipped: the recorded requests of the AWS SDKs are not beside this repository');

test.skipIf(!atHand)('every recorded request of an offered operation is routed to it', () => {
  const requests = JSON.parse(readFileSync(referencePath(recorded), 'utf8')) as {
    operation: string;
    method: string;
    url: string;
  }[];
  const offered = requests.filter(({ operation }) => OPERATIONS.some(({ name }) => name === operation));
  expect(offered.length).toBeGreaterThan(8);
  for (const { operation, method, url } of offered) {
    expect(route(OPERATIONS, method, url)?.operation.name).toBe(operation);
  }
});
