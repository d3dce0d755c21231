/**
 * What a JSON value must look like: a primitive type, `any`, `[shape]` for a list, an object of members (`name?` may be
 * absent, unknown ones are welcome), or a test.
 */
export type Shape =
  | 'string'
  | 'number'
  | 'boolean'
  | 'object'
  | 'any'
  | readonly [Shape]
  | { readonly [member: string]: Shape }
  | ((value: unknown) => boolean);

/** Where a value first differs from its shape, as `parts[0].id`; undefined when it fits. */
export function misfit(value: unknown, shape: Shape, path = ''): string | undefined {
  if (typeof shape === 'function') return shape(value) ? undefined : path;
  if (shape === 'any') return undefined;
  if (shape === 'object') return isObject(value) ? undefined : path;
  if (typeof shape === 'string') return typeof value === shape ? undefined : path;
  if (isList(shape)) {
    if (!Array.isArray(value)) return path;
    for (const [index, item] of value.entries()) {
      const wrong = misfit(item, shape[0], `${path}[${index}]`);
      if (wrong !== undefined) return wrong;
    }
    return undefined;
  }
  if (!isObject(value)) return path;
  for (const name in shape) {
    const optional = name.endsWith('?');
    const member = optional ? name.slice(0, -1) : name;
    const own = value[member];
    if (optional && own === undefined) continue;
    const wrong = misfit(own, shape[name]!, path === '' ? member : `${path}.${member}`);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

/** Fits when one of the shapes does. */
export function oneOf(...shapes: readonly Shape[]): Shape {
  return (value) => shapes.some((shape) => misfit(value, shape) === undefined);
}

/** An object whose members, whatever their names, all have one shape. */
export function mapOf(shape: Shape): Shape {
  return (value) => isObject(value) && Object.values(value).every((member) => misfit(member, shape) === undefined);
}

function isObject(value: unknown): value is { readonly [member: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isList(shape: Shape): shape is readonly [Shape] {
  return Array.isArray(shape);
}
