import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { referencePath } from '../../testing/reference.ts';
import type { Operation, ServiceName } from '../operation.ts';
import type { Member, Shape, StructureShape } from '../shape.ts';
import { OPERATIONS } from './index.ts';

interface SmithyMember {
  readonly target: string;
  readonly traits?: Readonly<Record<string, unknown>>;
}
interface SmithyShape {
  readonly type: string;
  readonly members?: Readonly<Record<string, SmithyMember>>;
  readonly member?: SmithyMember;
  readonly key?: SmithyMember;
  readonly value?: SmithyMember;
  readonly input?: SmithyMember;
  readonly errors?: readonly SmithyMember[];
  readonly traits?: Readonly<Record<string, unknown>>;
}
type Model = Readonly<Record<string, SmithyShape>>;

const MODELS: Readonly<Record<ServiceName, string>> = {
  voice: 'aws/chime-sdk-voice-2022-08-03.json',
  meetings: 'aws/chime-sdk-meetings-2021-07-15.json',
  'media-pipelines': 'aws/chime-sdk-media-pipelines-2021-07-15.json',
};
const present = Object.values(MODELS).every((file) => existsSync(referencePath(file)));
if (!present) console.info('skipped: the Smithy models of the Chime SDK are not beside this repository');

function local(target: string): string {
  return target.split('#')[1] ?? target;
}

/** The part of a Smithy shape that constrains a value, in the words of the tables. */
function constraints(model: Model, member: SmithyMember): Shape {
  if (member.target === 'smithy.api#Boolean') return { kind: 'boolean' };
  if (member.target.startsWith('smithy.api#')) return { kind: 'text' };
  const shape = model[member.target];
  if (!shape) throw new Error(`the model has no ${member.target}`);
  const traits = shape.traits ?? {};
  const length = (traits['smithy.api#length'] ?? {}) as { min?: number; max?: number };
  switch (shape.type) {
    case 'string': {
      const pattern = traits['smithy.api#pattern'] as string | undefined;
      return { kind: 'text', ...length, ...(pattern === undefined ? {} : { pattern }) };
    }
    case 'enum':
      return {
        kind: 'enum',
        values: Object.values(shape.members ?? {}).map((one) => String(one.traits?.['smithy.api#enumValue'])),
      };
    case 'boolean':
    case 'timestamp':
      return { kind: shape.type };
    case 'integer':
      return { kind: 'integer', ...((traits['smithy.api#range'] ?? {}) as { min?: number; max?: number }) };
    case 'list':
      return { kind: 'list', of: constraints(model, shape.member!), ...length };
    case 'map':
      return {
        kind: 'map',
        key: constraints(model, shape.key!),
        value: constraints(model, shape.value!),
        ...length,
      };
    case 'structure':
      return structureOf(model, shape);
    default:
      throw new Error(`a ${shape.type} has no word in the tables`);
  }
}

function structureOf(model: Model, shape: SmithyShape): StructureShape {
  const members = Object.entries(shape.members ?? {}).map(([name, member]): [string, Member] => {
    const traits = member.traits ?? {};
    const query = traits['smithy.api#httpQuery'] as string | undefined;
    return [
      name,
      {
        shape: constraints(model, member),
        ...('smithy.api#required' in traits ? { required: true } : {}),
        ...('smithy.api#httpLabel' in traits ? { at: { label: true } } : {}),
        ...(query === undefined ? {} : { at: { query } }),
      },
    ];
  });
  return { kind: 'structure', members: Object.fromEntries(members) };
}

function fromModel(model: Model, service: ServiceName, name: string): Operation {
  const [, shape] = Object.entries(model).find(([id, one]) => local(id) === name && one.type === 'operation') as [
    string,
    SmithyShape,
  ];
  const http = shape.traits?.['smithy.api#http'] as { method: Operation['method']; uri: string; code: number };
  return {
    service,
    name,
    method: http.method,
    path: http.uri,
    status: http.code,
    input: structureOf(model, model[shape.input!.target]!),
    errors: (shape.errors ?? []).map(
      (one) => local(one.target).replace(/Exception$/, '') as Operation['errors'][number],
    ),
  };
}

/** Members and errors have no order; the sets of values do not either. */
function normal(operation: Operation): unknown {
  return { ...operation, errors: [...operation.errors].sort() };
}

describe.skipIf(!present)('the tables say what the models say, no less and no more', () => {
  test.each(OPERATIONS.map((operation) => [operation.name, operation] as const))('%s', (name, operation) => {
    const model = (JSON.parse(readFileSync(referencePath(MODELS[operation.service]), 'utf8')) as { shapes: Model })
      .shapes;
    expect(normal(operation)).toStrictEqual(normal(fromModel(model, operation.service, name)));
  });
});
