import type { Operation } from './operation.ts';

export interface Route {
  readonly operation: Operation;
  /** Values of the labels of the path, decoded. */
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * Finds the operation of a request by method, path and the literal query that some paths state. Segments are compared before they are decoded, since a label may
 * hold `%2F`; an empty label matches, as the SDKs send one for an empty text.
 */
export function route(operations: readonly Operation[], method: string, url: string): Route | undefined {
  const [path = '', query = ''] = url.split('?', 2);
  const segments = path.split('/');
  for (const operation of operations) {
    if (operation.method !== method) continue;
    const [template = '', stated] = operation.path.split('?', 2);
    if (stated !== undefined && !query.split('&').includes(stated)) continue;
    const labels = match(template.split('/'), segments);
    if (labels) return { operation, labels };
  }
  return undefined;
}

function match(template: readonly string[], segments: readonly string[]): Record<string, string> | undefined {
  if (template.length !== segments.length) return undefined;
  const labels: Record<string, string> = {};
  for (const [index, part] of template.entries()) {
    const segment = segments[index] ?? '';
    if (part.startsWith('{')) labels[part.slice(1, -1)] = decode(segment);
    else if (part !== segment) return undefined;
  }
  return labels;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
