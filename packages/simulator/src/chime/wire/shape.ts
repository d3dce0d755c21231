/**
 * What a member of a request may hold, in the words of the API models: lengths count characters of a text, items of a
 * list and pairs of a map; patterns are not anchored unless they say so.
 */
export type Shape =
  | {
      readonly kind: 'text';
      readonly min?: number | undefined;
      readonly max?: number | undefined;
      readonly pattern?: string | undefined;
    }
  | { readonly kind: 'enum'; readonly values: readonly string[] }
  | { readonly kind: 'boolean' }
  /** Seconds since the epoch, with decimals. */
  | { readonly kind: 'timestamp' }
  | { readonly kind: 'integer'; readonly min?: number | undefined; readonly max?: number | undefined }
  | {
      readonly kind: 'list';
      readonly of: Shape;
      readonly min?: number | undefined;
      readonly max?: number | undefined;
    }
  | {
      readonly kind: 'map';
      readonly key: Shape;
      readonly value: Shape;
      readonly min?: number | undefined;
      readonly max?: number | undefined;
    }
  | StructureShape;

export interface Member {
  readonly shape: Shape;
  readonly required?: true | undefined;
  /** Where a member of an operation's input travels; omitted: in the body. */
  readonly at?: { readonly label: true } | { readonly query: string } | undefined;
}

export interface StructureShape {
  readonly kind: 'structure';
  readonly members: Readonly<Record<string, Member>>;
}

type Bounds = { readonly min?: number; readonly max?: number };

export function text(bounds: Bounds & { readonly pattern?: string } = {}): Shape {
  return { kind: 'text', ...bounds };
}

export function oneOf(...values: readonly string[]): Shape {
  return { kind: 'enum', values };
}

export function integer(bounds: Bounds = {}): Shape {
  return { kind: 'integer', ...bounds };
}

export const flag: Shape = { kind: 'boolean' };

export const moment: Shape = { kind: 'timestamp' };

export function list(of: Shape, bounds: Bounds = {}): Shape {
  return { kind: 'list', of, ...bounds };
}

/** A map from text to text. */
export function map(bounds: Bounds = {}, { key = text(), value = text() }: { key?: Shape; value?: Shape } = {}): Shape {
  return { kind: 'map', key, value, ...bounds };
}

export function structure(members: Readonly<Record<string, Member | Shape>>): StructureShape {
  const entries = Object.entries(members).map(([name, member]) => [
    name,
    'shape' in member ? member : optional(member),
  ]);
  return { kind: 'structure', members: Object.fromEntries(entries) };
}

export function required(shape: Shape): Member {
  return { shape, required: true };
}

export function optional(shape: Shape): Member {
  return { shape };
}

/** A part of the path. */
export function label(shape: Shape): Member {
  return { shape, required: true, at: { label: true } };
}

export function query(name: string, shape: Shape): Member {
  return { shape, at: { query: name } };
}

/**
 * Every violation, worded as the validation of AWS services words it; empty when the value fits. Members that the shape
 * does not know are ignored, as the services ignore them.
 */
export function violations(shape: Shape, value: unknown, path = ''): readonly string[] {
  const fail = (constraint: string): readonly string[] => [
    `Value ${value === undefined ? 'null' : 'provided'} at '${path}' failed to satisfy constraint: ${constraint}`,
  ];
  switch (shape.kind) {
    case 'text':
      if (typeof value !== 'string') return fail('Member must be a string');
      if (!within(value.length, shape)) return fail(`Member must have length ${bounds(shape)}`);
      if (shape.pattern !== undefined && !new RegExp(shape.pattern).test(value)) {
        return fail(`Member must satisfy regular expression pattern: ${shape.pattern}`);
      }
      return [];
    case 'enum':
      if (typeof value === 'string' && shape.values.includes(value)) return [];
      return fail(`Member must satisfy enum value set: [${shape.values.join(', ')}]`);
    case 'boolean':
      return typeof value === 'boolean' ? [] : fail('Member must be a boolean');
    case 'timestamp':
      return typeof value === 'number' && Number.isFinite(value) ? [] : fail('Member must be a timestamp');
    case 'integer':
      if (!Number.isInteger(value)) return fail('Member must be an integer');
      return within(Number(value), shape) ? [] : fail(`Member must have value ${bounds(shape)}`);
    case 'list':
      if (!Array.isArray(value)) return fail('Member must be a list');
      if (!within(value.length, shape)) return fail(`Member must have length ${bounds(shape)}`);
      return value.flatMap((item, index) => violations(shape.of, item, `${path}.${index + 1}.member`));
    case 'map':
      if (!isRecord(value)) return fail('Member must be a map');
      if (!within(Object.keys(value).length, shape)) return fail(`Member must have length ${bounds(shape)}`);
      return Object.entries(value).flatMap(([key, item]) => [
        ...violations(shape.key, key, `${path}.key`),
        ...violations(shape.value, item, `${path}.${key}`),
      ]);
    case 'structure':
      if (!isRecord(value)) return fail('Member must be a structure');
      return Object.entries(shape.members).flatMap(([name, member]) => {
        const at = path === '' ? lowerFirst(name) : `${path}.${lowerFirst(name)}`;
        const item = value[name] ?? undefined;
        if (item !== undefined) return violations(member.shape, item, at);
        if (!member.required) return [];
        return [`Value null at '${at}' failed to satisfy constraint: Member must not be null`];
      });
  }
}

function within(size: number, { min, max }: { readonly min?: number | undefined; readonly max?: number | undefined }) {
  return size >= (min ?? Number.NEGATIVE_INFINITY) && size <= (max ?? Number.POSITIVE_INFINITY);
}

function bounds({ min, max }: { readonly min?: number | undefined; readonly max?: number | undefined }): string {
  if (max === undefined) return `greater than or equal to ${min}`;
  return min === undefined ? `less than or equal to ${max}` : `between ${min} and ${max}, inclusive`;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
