import { isRecord } from '../schema/shape.ts';
import { identifierOf } from './identifier.ts';
import type { SimulatedAzureCall } from './simulated-azure-call.ts';

/** What an answer says beside that, as it was asked for. */
export interface ShownProperties {
  readonly source?: unknown;
  readonly sourceCallerIdNumber?: unknown;
  readonly sourceDisplayName?: unknown;
  readonly answeredBy?: unknown;
}

/** Body of answers about a connection. Source: swagger 2026-03-12, `CallConnectionProperties`. */
export function callProperties(
  call: SimulatedAzureCall,
  shown: ShownProperties = {},
): Readonly<Record<string, unknown>> {
  return {
    ...call.ids(),
    callConnectionState: call.state,
    callbackUri: call.placement.callbackUri,
    targets: call.targets,
    ...shown,
    source: sourceOf(call, shown.source),
  };
}

/** Who calls: the user of the resource that was asked for, somebody known, or the application itself. */
function sourceOf(call: SimulatedAzureCall, source: unknown): unknown {
  if (!isRecord(source)) return identifierOf(call.rawIdOf('application'));
  return typeof source['id'] === 'string' ? identifierOf(source['id']) : source;
}
