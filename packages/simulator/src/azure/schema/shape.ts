/**
 * What a request body may look like, written by hand from the service's description (one table per operation) and
 * compared with it in both directions where it is at hand.
 */
export type Shape =
  | { readonly kind: 'string'; readonly enum?: readonly string[] | undefined }
  | { readonly kind: 'integer'; readonly minimum?: number | undefined; readonly maximum?: number | undefined }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'array'; readonly items: Shape }
  | ObjectShape;

export interface ObjectShape {
  readonly kind: 'object';
  readonly properties: Readonly<Record<string, Shape>>;
  readonly required?: readonly string[] | undefined;
  /** Whether properties that the table does not name are refused. */
  readonly closed: boolean;
}

export const text: Shape = { kind: 'string' };
export const flag: Shape = { kind: 'boolean' };

export function oneOf(...values: readonly string[]): Shape {
  return { kind: 'string', enum: values };
}

export function listOf(items: Shape): Shape {
  return { kind: 'array', items };
}

/**
 * Every way in which `value` departs from `shape`, each as a sentence that begins with the path of the field.
 * `null` counts as absent: the service's own example of a start request sends three.
 */
export function shapeProblems(shape: Shape, value: unknown, path = 'body'): readonly string[] {
  switch (shape.kind) {
    case 'string':
      if (typeof value !== 'string') return [`${path} must be a string.`];
      return !shape.enum || shape.enum.includes(value) ? [] : [`${path} must be one of ${shape.enum.join(', ')}.`];
    case 'boolean':
      return typeof value === 'boolean' ? [] : [`${path} must be a boolean.`];
    case 'integer':
      return integerProblems(shape, value, path);
    case 'array':
      if (!Array.isArray(value)) return [`${path} must be an array.`];
      return value.flatMap((item, index) => shapeProblems(shape.items, item, `${path}[${index}]`));
    case 'object':
      return isRecord(value) ? objectProblems(shape, value, path) : [`${path} must be an object.`];
  }
}

function integerProblems(shape: Shape & { kind: 'integer' }, value: unknown, path: string): readonly string[] {
  if (typeof value !== 'number' || !Number.isInteger(value)) return [`${path} must be an integer.`];
  if (shape.minimum !== undefined && value < shape.minimum) return [`${path} must be at least ${shape.minimum}.`];
  if (shape.maximum !== undefined && value > shape.maximum) return [`${path} must be at most ${shape.maximum}.`];
  return [];
}

function objectProblems(shape: ObjectShape, value: Readonly<Record<string, unknown>>, path: string): readonly string[] {
  const problems: string[] = [];
  for (const name of shape.required ?? []) {
    if (value[name] === undefined || value[name] === null) problems.push(`${path}.${name} is required.`);
  }
  for (const [name, member] of Object.entries(value)) {
    if (member === undefined || member === null) continue;
    const known = Object.hasOwn(shape.properties, name) ? shape.properties[name] : undefined;
    if (known) problems.push(...shapeProblems(known, member, `${path}.${name}`));
    else if (shape.closed) problems.push(`${path}.${name} is not a field of this request.`);
  }
  return problems;
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
