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

/** Who calls: as asked for, or the application itself. */
function sourceOf(call: SimulatedAzureCall, source: unknown): unknown {
  if (typeof source !== 'object' || source === null) return identifierOf(call.rawIdOf('application'));
  return 'kind' in source ? source : { ...source, kind: 'communicationUser', communicationUser: source };
}
