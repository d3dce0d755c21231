import { GetMediaPipelineCommand } from '@aws-sdk/client-chime-sdk-media-pipelines';
import { GetMeetingCommand } from '@aws-sdk/client-chime-sdk-meetings';
import { UpdateSipMediaApplicationCallCommand } from '@aws-sdk/client-chime-sdk-voice';
import { type Answer, listen, readBody, sendAnswer } from '@onrecord/simulator';
import { chimeMeeting, chimeSma } from '../index.ts';

export const services = ['media-pipelines', 'meetings', 'voice'] as const;
export type Service = (typeof services)[number];

export const awsKeys = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'very-secret-key',
  sessionToken: 'very-secret-token',
};

/** A server that answers every request alike, and the drivers' own clients before it. */
export interface AnsweringAws extends AsyncDisposable {
  readonly endpoint: string;
  readonly drivers: { readonly meeting: ReturnType<typeof chimeMeeting>; readonly sma: ReturnType<typeof chimeSma> };
  /** From now on. */
  answer(answer: Answer): void;
  /** What the client of the service throws. */
  thrown(service: Service): Promise<unknown>;
  /** Requests so far. */
  requests(): number;
}

export async function openAnsweringAws(): Promise<AnsweringAws> {
  let current: Answer = { status: 500 };
  let requests = 0;
  const server = await listen(async (request, response) => {
    requests += 1;
    await readBody(request);
    sendAnswer(request, response, current);
  });
  const access = { region: 'us-east-1', endpoint: server.origin, credentials: awsKeys };
  const meeting = chimeMeeting({ ...access, bucket: 'recordings' });
  const sma = chimeSma({ ...access, sipMediaApplicationId: 'e88f4e49-dd21-4a3f-b538-bc84eae11505' });
  const send: { readonly [S in Service]: () => Promise<unknown> } = {
    'media-pipelines': () =>
      meeting
        .native()
        .clients()
        .pipelines.send(new GetMediaPipelineCommand({ MediaPipelineId: 'p' })),
    meetings: () =>
      meeting
        .native()
        .clients()
        .meetings.send(new GetMeetingCommand({ MeetingId: 'm' })),
    voice: () =>
      sma
        .native()
        .client()
        .send(
          new UpdateSipMediaApplicationCallCommand({ SipMediaApplicationId: 's', TransactionId: 't', Arguments: {} }),
        ),
  };
  return {
    endpoint: server.origin,
    drivers: { meeting, sma },
    answer(answer) {
      current = answer;
    },
    thrown: (service) =>
      send[service]().then(
        () => Promise.reject(new Error('was answered well')),
        (error: unknown) => error,
      ),
    requests: () => requests,
    async [Symbol.asyncDispose]() {
      await meeting.close();
      await sma.close();
      await server.close();
    },
  };
}
