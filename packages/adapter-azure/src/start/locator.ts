import type { StartRecordingOptions } from '@azure/communication-call-automation';
import type { CallRef } from '@onrecord/core';
import { azureCapabilities } from '../capabilities.ts';
import { textAt } from '../json-reader.ts';
import { type CallIdName, callIdProblem } from './call-id.ts';
import { noProblems, refuseProblems, type StartProblems } from './problems.ts';
import { whyNoRoom } from './rooms.ts';

/** How a start names its call: exactly one of the two. The service refuses both together, the SDK sends them. */
export type Locator = Pick<StartRecordingOptions, 'callConnectionId' | 'callLocator'>;

const locators = {
  'azure.server-call': { kind: 'serverCallLocator', id: 'serverCallId' },
  'azure.group-call': { kind: 'groupCallLocator', id: 'groupCallId' },
  'azure.room': { kind: 'roomCallLocator', id: 'roomId' },
} as const;

export function locatorOf(
  call: CallRef,
  { rooms }: { readonly rooms: 'refuse' | 'attempt' },
  problems: StartProblems,
): Locator {
  if (call.kind === 'azure.call-connection') {
    return { callConnectionId: checked(call, 'callConnectionId', problems) };
  }
  if (!isLocated(call.kind)) {
    const message = `Azure Call Automation cannot record a ${call.kind}; it can record ${azureCapabilities.calls.join(', ')}.`;
    problems.unsupported.push({ path: 'call', message });
    return {};
  }
  if (call.kind === 'azure.room' && rooms === 'refuse') {
    problems.unsupported.push({ path: 'call', message: `Azure records no azure.room. ${whyNoRoom}` });
  }
  const { kind, id } = locators[call.kind];
  return { callLocator: { kind, id: checked(call, id, problems) } };
}

/**
 * The leg by which a call is addressed.
 * @throws OnRecordError `invalid-request` where it is evidently none.
 */
export function callConnectionIdOf(call: CallRef): string {
  const problems = noProblems();
  const id = checked(call, 'callConnectionId', problems);
  refuseProblems(problems);
  return id;
}

/** A reference may have been made by hand, so its id is looked at again. */
function checked(call: CallRef, name: CallIdName, { invalid }: StartProblems): string {
  const id = textAt(call.data, name) ?? call.key;
  const message = callIdProblem(name, id);
  if (message !== undefined) invalid.push({ path: `call.${name}`, message });
  return id;
}

function isLocated(kind: string): kind is keyof typeof locators {
  return Object.hasOwn(locators, kind);
}
