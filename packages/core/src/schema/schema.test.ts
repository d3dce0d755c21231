import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { createSession, recordCommand } from '../engine/index.ts';
import { OnRecordError } from '../errors/index.ts';
import { settling } from '../fold/testing/provider-model.ts';
import { Random } from '../fold/testing/random.ts';
import { SimulatedSession } from '../fold/testing/simulated-session.ts';
import { troubleOf } from '../fold/testing/trouble.ts';
import { readRecord } from './read-record.ts';
import { fullRecord } from './testing/full-record.ts';

const folder = new URL('../../schemas/', import.meta.url);
const schemas = readdirSync(folder).map((name) => JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as object);
const baseId = 'https://onrecord.dev/schemas';

/** `closed`: members that a schema does not name are errors, to see that it names all there are. */
function validator(name: string, { closed }: { readonly closed: boolean } = { closed: false }): ValidateFunction {
  const ajv = new Ajv2020({ strict: true, allErrors: true, strictRequired: false, allowUnionTypes: true });
  for (const schema of schemas) ajv.addSchema(closed ? close(schema) : schema);
  return ajv.getSchema(`${baseId}/${name}.v1.schema.json`)!;
}

function close(schema: unknown): object {
  return JSON.parse(JSON.stringify(schema), (_, value: unknown) =>
    typeof value === 'object' && value !== null && 'type' in value && 'properties' in value
      ? { additionalProperties: false, ...value }
      : value,
  ) as object;
}

const isRecord = validator('session-record');
const isEvent = validator('event');

function expectValid(validate: ValidateFunction, value: unknown): void {
  validate(JSON.parse(JSON.stringify(value)));
  expect(validate.errors).toBeNull();
}

describe('the schemas', () => {
  test('name every member that the types have', () => {
    expectValid(validator('session-record', { closed: true }), fullRecord);
  });

  test('accept what the engine writes, events included', () => {
    const { call, output } = fullRecord;
    const session = { id: 'id', provider: 'main', deployment: 'test', call, output, idempotencyKey: 'key' };
    const created = createSession(session, 0);
    const stopped = recordCommand(created, { kind: 'stop' }, 1_000);
    expectValid(isRecord, created);
    expectValid(isRecord, 'record' in stopped ? stopped.record : undefined);
    expect(created.outbox.length).toBeGreaterThan(0);
    for (const { event } of created.outbox) expectValid(isEvent, event);
  });

  test('accept the snapshots of all that can happen to a session', () => {
    const random = new Random(7);
    for (let count = 0; count < 50; count++) {
      const session = new SimulatedSession(settling, troubleOf(random), random, {
        startPaused: false,
        check: () => {},
      });
      session.run(60_000, random.between(10_000, 90_000));
      expectValid(isRecord, { ...session.record(), snapshot: session.snapshot });
    }
  });

  test.each([
    ['a time with an offset', { ...fullRecord, createdAt: '2026-01-01T01:00:00+01:00' }],
    ['a time without milliseconds', { ...fullRecord, createdAt: '2026-01-01T00:00:00Z' }],
    ['an unknown state', { ...fullRecord, snapshot: { ...fullRecord.snapshot, state: 'resting' } }],
    [
      'too many labels',
      { ...fullRecord, labels: Object.fromEntries(Array.from({ length: 17 }, (_, n) => [`l${n}`, ''])) },
    ],
    [
      'an event of another kind',
      { ...fullRecord, outbox: [{ event: { ...fullRecord.outbox[0]!.event, type: 'x' }, attempts: 0 }] },
    ],
  ])('refuse %s', (_, record) => {
    expect(isRecord(record)).toBe(false);
  });
});

/** Paths to every value of a JSON tree, the root left out. */
function paths(value: unknown, path: readonly (string | number)[] = []): readonly (readonly (string | number)[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  const members = Array.isArray(value) ? value.map((item, index) => [index, item] as const) : Object.entries(value);
  const inner = members.flatMap(([name, member]) => paths(member, [...path, name]));
  return path.length === 0 ? inner : [path, ...inner];
}

/** A copy with the value at a path replaced, or without it. */
function changed(path: readonly (string | number)[], value: unknown): object {
  const copy = JSON.parse(JSON.stringify(fullRecord)) as object;
  const parent = path.slice(0, -1).reduce<object>((at, name) => Reflect.get(at, name) as object, copy);
  if (value === undefined) Reflect.deleteProperty(parent, path.at(-1)!);
  else Reflect.set(parent, path.at(-1)!, value);
  return copy;
}

function reads(json: unknown): boolean {
  try {
    readRecord(json);
    return true;
  } catch (error) {
    expect(OnRecordError.is(error)).toBe(true);
    return false;
  }
}

describe('a stored record', () => {
  test('is read as it is, with members that only a newer version knows', () => {
    const stored = { ...fullRecord, future: { deep: [1] }, parts: [{ ...fullRecord.parts[0]!, future: 1 }] };
    expect(readRecord(JSON.parse(JSON.stringify(stored)))).toEqual(stored);
    expectValid(isRecord, stored);
  });

  test('of a newer major is refused, and the error says what to do', () => {
    expect(() => readRecord({ ...fullRecord, schema: 'onrecord.session/v2' })).toThrow(
      expect.objectContaining({ code: 'unsupported', message: expect.stringContaining('Update @onrecord/core') }),
    );
  });

  test.each([
    ['nothing', undefined],
    ['a text', 'onrecord.session/v1'],
    ['a list', [fullRecord]],
    ['something else', { schema: 'onrecord.manifest/v1' }],
    ['a version that never was', { ...fullRecord, schema: 'onrecord.session/v0' }],
  ])('that is %s is refused', (_, json) => {
    expect(() => readRecord(json)).toThrow(expect.objectContaining({ code: 'integrity-failed' }));
  });

  test('that is malformed is refused with the path of what is wrong', () => {
    expect(() => readRecord(changed(['parts', 0, 'call', 'key'], 7))).toThrow(
      expect.objectContaining({
        code: 'integrity-failed',
        message: expect.stringContaining('parts[0].call.key'),
        context: { path: 'parts[0].call.key', sessionId: fullRecord.id },
      }),
    );
  });

  test('is judged alike by reader and schema, wherever a member is gone or has another type', () => {
    // What a driver or a caller put there is opaque to both.
    const opaque = new Set(['handle', 'facts', 'data', 'access', 'retention', 'hold', 'providerOptions']);
    let judged = 0;
    for (const path of paths(JSON.parse(JSON.stringify(fullRecord)))) {
      if (path[0] === 'schema' || path.slice(0, -1).some((name) => opaque.has(String(name)))) continue;
      for (const value of [undefined, 1, 'text', true, null, [], {}]) {
        const inList = typeof path.at(-1) === 'number';
        if (value === undefined && inList) continue;
        const json = changed(path, value);
        const valid = isRecord(json);
        const wrongType = isRecord.errors?.some(({ keyword }) => keyword === 'type' || keyword === 'required');
        // The schema also knows patterns and words; the reader asks only for types.
        if (valid || wrongType) expect([path.join('.'), value, reads(json)]).toEqual([path.join('.'), value, valid]);
        judged += 1;
      }
    }
    expect(judged).toBeGreaterThan(1_000);
  });
});
