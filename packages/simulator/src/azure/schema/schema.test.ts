import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { referencePath } from '../testing/reference.ts';
import { playShape } from './play-shape.ts';
import { isRecord, type ObjectShape, type Shape, shapeProblems } from './shape.ts';
import { startRecordingShape } from './start-recording-shape.ts';

const reference = referencePath('azure');
const present = existsSync(reference);
if (!present) console.warn(`skipped: no service description at ${reference}; the tables are not compared with it`);

type Definition = Readonly<Record<string, unknown>>;

/** The shape that a swagger definition describes, in the words of the tables. */
function shapeOf(definition: Definition, definitions: Readonly<Record<string, Definition>>): Shape {
  const target = definition['$ref'];
  if (typeof target === 'string') {
    const referred = definitions[target.slice(target.lastIndexOf('/') + 1)];
    if (!referred) throw new Error(`no definition for ${target}`);
    return shapeOf(referred, definitions);
  }
  const { type, minimum, maximum } = definition;
  const values = definition['enum'];
  if (type === 'string') return Array.isArray(values) ? { kind: 'string', enum: values } : { kind: 'string' };
  if (type === 'boolean') return { kind: 'boolean' };
  if (type === 'integer') {
    return { kind: 'integer', ...(isNumber(minimum) && { minimum }), ...(isNumber(maximum) && { maximum }) };
  }
  if (type === 'array') return { kind: 'array', items: shapeOf(record(definition['items']), definitions) };
  const properties = Object.entries(record(definition['properties']));
  const required = definition['required'];
  return {
    kind: 'object',
    closed: definition['additionalProperties'] === false,
    ...(Array.isArray(required) && { required }),
    properties: Object.fromEntries(properties.map(([name, member]) => [name, shapeOf(record(member), definitions)])),
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
  test.each<[string, string, ObjectShape]>([
    ['StartCallRecordingRequest', `${folder}.recording-excerpt.json`, startRecordingShape],
    ['PlayRequest', `${folder}.calls-and-media-excerpt.json`, playShape],
  ])('%s', (name, file, table) => {
    const definitions = { ...definitionsIn(file), ...definitionsIn(common) };
    expect(sorted(table)).toEqual(sorted(shapeOf(record(definitions[name]), definitions)));
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
