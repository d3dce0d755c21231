import { existsSync, readFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { VirtualClock } from '../../clock/virtual-clock.ts';
import { SimulatedS3 } from '../../s3/index.ts';
import { startChime } from '../start-chime.ts';
import { referencePath } from '../testing/reference.ts';
import { SimulatedEventBridge } from './event-bridge.ts';
import { type EventBridgeEvent, objectCreatedEvent, pipelineEvent } from './event-bridge-event.ts';

const origin = { account: '111122223333', region: 'us-east-1', at: Date.parse('2026-01-05T09:00:00.250Z') };
const meeting = { meetingId: 'm', externalMeetingId: 'e', mediaRegion: 'ap-northeast-1' };
const event = (name: string): EventBridgeEvent => pipelineEvent(origin, name, meeting, 'p');

let clock: VirtualClock;
let bus: SimulatedEventBridge;
let server: Server | undefined;
afterEach(async () => {
  bus?.close();
  clock?.[Symbol.dispose]();
  await new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve()));
  server = undefined;
});

function open() {
  clock = new VirtualClock();
  bus = new SimulatedEventBridge(clock);
  const seen: string[] = [];
  bus.onEvent(({ detail }) => seen.push(String(detail['eventType']).replace('chime:', '')));
  const publish = async (...names: readonly string[]) => {
    for (const name of names) bus.publish(event(name));
    await clock.idle();
  };
  return { seen, publish };
}

describe('faults on the way to a receiver', () => {
  test('none: in order', async () => {
    const { seen, publish } = open();
    await publish('A', 'B', 'C');
    expect(seen).toEqual(['A', 'B', 'C']);
  });

  test('lost, duplicated, reversed', async () => {
    const { seen, publish } = open();
    bus.faults.next({ match: 'chime:A', fault: 'lost' });
    bus.faults.next({ match: ({ detail }) => detail['eventType'] === 'chime:B', fault: 'duplicated' });
    bus.faults.next({ match: 'chime:C', fault: 'reversed' });
    await publish('A', 'B', 'C', 'D');
    expect(seen).toEqual(['B', 'B', 'D', 'C']);
    expect(bus.faults.pending()).toBe(0);
    expect(bus.events()).toHaveLength(4);
  });

  test('delayed by the clock', async () => {
    const { seen, publish } = open();
    bus.faults.next({ fault: { delayMs: 60_000 } });
    await publish('A', 'B');
    await clock.advance(59_999);
    expect(seen).toEqual(['B']);
    await clock.advance(1);
    expect(seen).toEqual(['B', 'A']);
  });

  test('a receiver that fails or has gone keeps nothing from the others', async () => {
    const { seen, publish } = open();
    bus.onEvent(() => {
      throw new Error('broken');
    });
    const stop = bus.onEvent(() => seen.push('again'), { match: ({ detail }) => detail['eventType'] === 'chime:A' });
    await publish('A', 'B');
    stop();
    await publish('A');
    expect(seen).toEqual(['A', 'again', 'B', 'A']);
  });
});

describe('a target', () => {
  async function target(answer: (count: number) => number) {
    const requests: { headers: IncomingHttpHeaders; body: unknown }[] = [];
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        requests.push({ headers: request.headers, body: JSON.parse(Buffer.concat(chunks).toString()) });
        response.writeHead(answer(requests.length)).end();
      });
    });
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
    const { publish } = open();
    bus.target(`http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, { 'x-api-key': 'secret' });
    return { requests, publish };
  }

  test('gets each event as JSON with the headers of its connection', async () => {
    const { requests, publish } = await target(() => 200);
    await publish('A');
    expect(requests).toHaveLength(1);
    expect(requests[0]?.headers).toMatchObject({
      'x-api-key': 'secret',
      'content-type': 'application/json; charset=utf-8',
    });
    expect(requests[0]?.body).toEqual(bus.events()[0]);
  });

  test('that fails is tried again, three times in all', async () => {
    const { requests, publish } = await target((count) => (count < 3 ? 503 : 200));
    await publish('A', 'B');
    expect(requests).toHaveLength(1);
    await clock.advance(2_000);
    expect(requests).toHaveLength(4);
    expect(bus.deliveries().map(({ status }) => status)).toEqual([503, 503, 200, 200]);
  });
});

test('an object in a bucket is told as S3 tells it', async () => {
  clock = new VirtualClock();
  const s3 = await SimulatedS3.start({ clock, buckets: ['bucket'] });
  const chime = await startChime({ clock, s3 });
  bus = chime.eventBridge;
  s3.put('bucket', 'a key/ü.wav', Buffer.from('hello'));
  const [told] = bus.events();
  expect(told).toMatchObject({
    'detail-type': 'Object Created',
    source: 'aws.s3',
    resources: ['arn:aws:s3:::bucket'],
    detail: {
      bucket: { name: 'bucket' },
      object: { key: 'a key/ü.wav', size: 5, etag: '5d41402abc4b2a76b9719d911017c592' },
      reason: 'PutObject',
    },
  });
  await chime.close();
  s3.put('bucket', 'later', Buffer.from('x'));
  expect(bus.events()).toHaveLength(1);
  await s3.close();
});

const shape = 'aws/events/s3/object-created.eventbridge.docs-shape.json';
const pipeline = 'aws/events/eventbridge/media-pipeline.deleted.docs.json';
const present = existsSync(referencePath(shape));
if (!present) console.info('skipped: the EventBridge events of the documentation are not beside this repository');

test.skipIf(!present)(
  'events have the members of the documented ones; only versioned buckets have a version-id',
  () => {
    const created = JSON.parse(readFileSync(referencePath(shape), 'utf8'));
    delete created.detail.object['version-id'];
    const object = { bucket: 'b', key: 'k', size: 1, etag: 'e', sequencer: '1', reason: 'PutObject' };
    const ours = objectCreatedEvent(origin, object);
    expect(names(ours)).toEqual(names(created));
    expect(names(event('MediaPipelineDeleted'))).toEqual(
      names(JSON.parse(readFileSync(referencePath(pipeline), 'utf8'))),
    );
    expect(event('X').time).toBe('2026-01-05T09:00:00Z');
  },
);

function names(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return typeof value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, names(member)]));
}
