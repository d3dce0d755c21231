import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { apiRoute, repeatableOperations } from '../server/api-routes.ts';
import { referencePath } from '../testing/reference.ts';
import { answerShapes } from '../testing/shapes/answer-shapes.ts';
import { eventShapes } from '../testing/shapes/event-shapes.ts';
import { answerCallShape, connectShape, createCallShape } from './call-shapes.ts';
import { playShape } from './play-shape.ts';
import { isRecord, type ObjectShape, type Shape, shapeProblems } from './shape.ts';
import { startRecordingShape } from './start-recording-shape.ts';

const reference = referencePath('azure');
const present = existsSync(reference);
if (!present) console.warn(`skipped: no service description at ${reference}; the tables are not compared with it`);

type Definition = Readonly<Record<string, unknown>>;

/** The shape that a swagger definition describes, in the words of the tables. */
function shapeOf(
  definition: Definition,
  definitions: Readonly<Record<string, Definition>>,
  within: readonly string[] = [],
): Shape {
  const target = definition['$ref'];
  if (typeof target === 'string') {
    const name = target.slice(target.lastIndexOf('/') + 1);
    const referred = definitions[name];
    if (!referred) throw new Error(`no definition for ${target}`);
    if (within.includes(name)) return { kind: 'object', closed: false, properties: {} };
    return shapeOf(referred, definitions, [...within, name]);
  }
  const { type, minimum, maximum } = definition;
  const values = definition['enum'];
  if (type === 'string') return Array.isArray(values) ? { kind: 'string', enum: values } : { kind: 'string' };
  if (type === 'boolean') return { kind: 'boolean' };
  if (type === 'integer') {
    return { kind: 'integer', ...(isNumber(minimum) && { minimum }), ...(isNumber(maximum) && { maximum }) };
  }
  if (type === 'array') return { kind: 'array', items: shapeOf(record(definition['items']), definitions, within) };
  const properties = Object.entries(record(definition['properties'] ?? {}));
  const required = definition['required'];
  return {
    kind: 'object',
    closed: definition['additionalProperties'] === false,
    ...(Array.isArray(required) && { required }),
    properties: Object.fromEntries(
      properties.map(([name, member]) => [name, shapeOf(record(member), definitions, within)]),
    ),
  };
}

const isNumber = (value: unknown): value is number => typeof value === 'number';

function record(value: unknown): Definition {
  if (!isRecord(value)) throw new Error('the description has another form than expected');
  return value;
}

function definitionsIn(path: string): Readonly<Record<string, Definition>> {
  const file = record(JSON.parse(readFileSync(join(reference, path), 'utf8')));
  return record(file['definitions']) as Readonly<Record<string, Definition>>;
}

/** Enum order and the order of `required` mean nothing. */
function sorted(shape: Shape): Shape {
  if (shape.kind === 'string') return shape.enum ? { kind: 'string', enum: [...shape.enum].sort() } : shape;
  if (shape.kind === 'array') return { kind: 'array', items: sorted(shape.items) };
  if (shape.kind !== 'object') return shape;
  const entries = Object.entries(shape.properties).map(([name, member]) => [name, sorted(member)] as const);
  return {
    ...shape,
    ...(shape.required && { required: [...shape.required].sort() }),
    properties: Object.fromEntries(entries),
  };
}

describe.skipIf(!present)('tables against the service description, both directions', () => {
  const common = 'common-2025-06-30/common.json';
  const folder = 'stable-2026-03-12/communicationservicescallautomation';
  const excerpts = [`${folder}.recording-excerpt.json`, `${folder}.calls-and-media-excerpt.json`];

  test.each<[string, ObjectShape]>([
    ['StartCallRecordingRequest', startRecordingShape],
    ['PlayRequest', playShape],
    ['CreateCallRequest', createCallShape],
    ['AnswerCallRequest', answerCallShape],
    ['ConnectRequest', connectShape],
    ...Object.entries(answerShapes),
    ...Object.entries(eventShapes),
  ])('%s', (name, table) => {
    const files = excerpts.map((file) => ({ ...definitionsIn(file), ...definitionsIn(common) }));
    const describing = files.filter((definitions) => definitions[name]);
    expect(describing.length).toBeGreaterThan(0);
    for (const definitions of describing) {
      expect(sorted(table)).toEqual(sorted(shapeOf(record(definitions[name]), definitions)));
    }
  });

  test('what SDK 1.6.0 was seen to send conforms', () => {
    const { requests } = JSON.parse(readFileSync(join(reference, 'sdk-js-1.6.0-wire-requests.json'), 'utf8')) as {
      requests: readonly { call: string; body?: unknown }[];
    };
    const starts = requests.filter(({ call, body }) => call.startsWith('start(') && isRecord(body));
    const verdicts = starts.map(({ call, body }) => [call, shapeProblems(startRecordingShape, body)] as const);
    expect(verdicts.length).toBeGreaterThan(3);
    expect(verdicts.filter(([, problems]) => problems.length > 0)).toEqual([
      ['start(channelAffinity channel 5)', ['body.channelAffinity[0].channel must be at most 4.']],
    ]);
  });
});

test.skipIf(!present)(
  'requests of the operations that the description says so of may be repeated, of no others',
  () => {
    const described = ['recording', 'calls-and-media'].flatMap((part) => {
      const file = `communicationservicescallautomation.${part}-excerpt.json`;
      const { paths } = JSON.parse(readFileSync(join(reference, 'stable-2026-03-12', file), 'utf8')) as {
        paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
      };
      return Object.entries(paths).flatMap(([path, methods]) =>
        Object.entries(methods)
          .filter(([, method]) => JSON.stringify(method).includes('"Repeatability-Request-ID"'))
          .map(([verb]) => apiRoute(verb.toUpperCase(), path.replaceAll(/[{}]/g, ''))?.operation),
      );
    });
    expect(described.sort()).toEqual([...repeatableOperations].sort());
  },
);

const calls = join(reference, 'sdk-js-1.6.0-calls-and-media-wire-requests.json');

test.skipIf(!existsSync(calls))('what SDK 1.6.0 was seen to send about calls and prompts conforms', () => {
  const { cases } = JSON.parse(readFileSync(calls, 'utf8')) as {
    cases: readonly { call: string; requests: readonly { method: string; target: string; body: unknown }[] }[];
  };
  const shapes = { Play: playShape, CreateCall: createCallShape, AnswerCall: answerCallShape, Connect: connectShape };
  const seen = new Set<string>();
  for (const { call, requests } of cases) {
    for (const { method, target, body } of requests) {
      const operation = apiRoute(method, target.split('?')[0] ?? '')?.operation;
      const shape = Object.entries(shapes).find(([name]) => name === operation)?.[1];
      if (!shape || operation === undefined) continue;
      seen.add(operation);
      expect([call, shapeProblems(shape, body)]).toEqual([call, []]);
    }
  }
  expect([...seen].sort()).toEqual(Object.keys(shapes).sort());
});

test('every departure is named with its path', () => {
  const body = {
    callLocator: { kind: 'serverCallLocator', extra: 1 },
    recordingFormatType: 'ogg',
    recordingContentType: null,
    channelAffinity: [{ channel: 1.5 }],
    pauseOnStart: 'yes',
    audioChannelParticipantOrdering: {},
    toString: 1,
  };
  expect(shapeProblems(startRecordingShape, body)).toEqual([
    'body.callLocator.extra is not a field of this request.',
    'body.recordingFormatType must be one of wav, mp3, mp4.',
    'body.channelAffinity[0].participant is required.',
    'body.channelAffinity[0].channel must be an integer.',
    'body.pauseOnStart must be a boolean.',
    'body.audioChannelParticipantOrdering must be an array.',
    'body.toString is not a field of this request.',
  ]);
  expect(shapeProblems(startRecordingShape, [])).toEqual(['body must be an object.']);
});
