import { describe, expect, test } from 'vitest';
import type { EventBridgeEvent } from '../event-bridge-event.ts';
import { isPoolChange, sideEvent } from './side-events.ts';

const stream = {
  kinesisVideoStreamArn: 'arn:aws:kinesisvideo:us-east-1:111122223333:stream/ChimeMediaPipelines-calls-1/1700000000000',
  startFragmentNumber: '91343852333181457432',
  startTime: '2026-01-05T09:00:00Z',
};
const end = { ...stream, endTime: '2026-01-05T10:00:00Z', endFragmentNumber: '91343852333181457999' };

function event(eventType: string, detail: object = {}): EventBridgeEvent {
  return {
    source: 'aws.chime',
    'detail-type': 'Chime Media Pipeline State Change',
    account: '111122223333',
    region: 'us-east-1',
    detail: { eventType, mediaPipelineId: 'p', ...detail },
  };
}
const key = `${stream.kinesisVideoStreamArn}/${stream.startFragmentNumber}`;
const factOf = (name: string, more: object = {}) => ({
  [name]: {
    arn: stream.kinesisVideoStreamArn,
    startFragment: stream.startFragmentNumber,
    from: '2026-01-05T09:00:00.000Z',
    ...more,
  },
});

describe('an event of a stream', () => {
  test('chime:MediaPipelineKinesisVideoStreamStart is noted, with its attendee', () => {
    const told = sideEvent(
      event('chime:MediaPipelineKinesisVideoStreamStart', { ...stream, attendeeId: 'a-1', externalUserId: 'ann' }),
    );
    expect(told).toEqual({
      providerKey: 'chime-side/p',
      seen: { facts: factOf(`stream/${key}`, { attendeeId: 'a-1' }) },
    });
  });

  test.each([[{ attendeeId: '', externalUserId: '' }], [{}]])(
    'chime:MediaPipelineKinesisVideoStreamEnd with %j is one of everybody, and can be found at once',
    (who) => {
      const told = sideEvent(event('chime:MediaPipelineKinesisVideoStreamEnd', { ...end, ...who }));
      expect(told?.seen).toEqual({
        facts: factOf(`stream-end/${key}`, { to: '2026-01-05T10:00:00.000Z', endFragment: end.endFragmentNumber }),
        media: [
          {
            key,
            uri: `kvs://${stream.kinesisVideoStreamArn}?from=2026-01-05T09:00:00.000Z&to=2026-01-05T10:00:00.000Z`,
            role: 'track',
            side: true,
            mediaType: 'audio/x-matroska',
          },
        ],
      });
    },
  );

  test.each([
    ['no stream', { kinesisVideoStreamArn: undefined }],
    ['a number as its fragment', { startFragmentNumber: 91_343 }],
    ['no time', { startTime: undefined }],
    ['a time that is none', { startTime: 'yyyy-mm-ddThh:mm:ssZ' }],
    ['an end that is none', { endTime: '' }],
    ['no pipeline', { mediaPipelineId: 7 }],
  ])('with %s says nothing', (_what, wrong) => {
    expect(sideEvent(event('chime:MediaPipelineKinesisVideoStreamEnd', { ...end, ...wrong }))).toBeUndefined();
  });

  test('has a fragment number beyond what a number holds, kept as it is', () => {
    const startFragmentNumber = '91343852333181457432907654321098765432109876543';
    const told = sideEvent(event('chime:MediaPipelineKinesisVideoStreamStart', { ...stream, startFragmentNumber }));
    expect(JSON.stringify(told)).toContain(startFragmentNumber);
  });
});

describe('the end of a pipeline', () => {
  test('chime:MediaPipelineDeleted may be that of a side output, chime:MediaPipelinePermanentFailure is its anomaly', () => {
    expect(sideEvent(event('chime:MediaPipelineDeleted'))?.seen).toEqual({ facts: { 'side/p': 'over' } });
    expect(sideEvent(event('chime:MediaPipelinePermanentFailure'))?.seen).toMatchObject({
      facts: { 'side/p': 'failed' },
      anomaly: { code: 'side-failed' },
    });
    expect(sideEvent(event('chime:MediaPipelineInProgress'))).toBeUndefined();
  });
});

describe('Chime Media Pipeline Kinesis Video Pool State Change', () => {
  test.each(['Active', 'Updated', 'Deleted', 'TemporaryFailure', 'PermanentFailure'])(
    'chime:MediaPipelineKinesisVideoStreamPool%s is known',
    (change) => {
      const known = event(`chime:MediaPipelineKinesisVideoStreamPool${change}`, { poolArn: 'arn:aws:chime:…' });
      expect(isPoolChange(known)).toBe(true);
    },
  );

  test('another one, or one of no pool, is not', () => {
    expect(isPoolChange(event('chime:MediaPipelineKinesisVideoStreamPoolNew', { poolArn: 'arn' }))).toBe(false);
    expect(isPoolChange(event('chime:MediaPipelineKinesisVideoStreamPoolActive'))).toBe(false);
  });
});
