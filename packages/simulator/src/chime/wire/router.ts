import type { Operation } from './operation.ts';

export interface Route {
  readonly operation: Operation;
  /** Values of the labels of the path, decoded. */
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * Finds the operation of a request by method and path. Segments are compared before they are decoded, since a label may
 * hold `%2F`; an empty label matches, as the SDKs send one for an empty text.
 */
export function route(operations: readonly Operation[], method: string, path: string): Route | undefined {
  const segments = path.split('/');
  for (const operation of operations) {
    if (operation.method !== method) continue;
    const labels = match(operation.path.split('/'), segments);
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
