import {
  type CommunicationIdentifier,
  type CommunicationIdentifierKind,
  createIdentifierFromRawId,
  getIdentifierRawId,
} from '@azure/communication-common';
import type { Problem } from './config/problem.ts';
import { rawIdProblem } from './start/raw-id.ts';
import { readIdentifier } from './start/read-identifier.ts';
import type { AzureWireIdentifier } from './start/wire-identifier.ts';

export type { AzureWireIdentifier } from './start/wire-identifier.ts';

/** Somebody on a call: a raw id (`4:+15550100`, `8:acs:…`), an identifier of the SDK, or one of the REST API. */
export type AzureParticipant = string | CommunicationIdentifier | AzureWireIdentifier;

/** A participant as the SDK sends it. */
export interface Participant {
  /** The same for the same person, in whatever form they were given. */
  readonly rawId: string;
  readonly identifier: CommunicationIdentifierKind;
}

/** The participant; else undefined and a problem. */
export function readParticipant(given: unknown, path: string, problems: Problem[]): Participant | undefined {
  if (typeof given !== 'string') {
    const identifier = readIdentifier(given, path, problems);
    return identifier && { rawId: getIdentifierRawId(identifier), identifier };
  }
  const message = rawIdProblem(given);
  if (message === undefined) return { rawId: given, identifier: createIdentifierFromRawId(given) };
  problems.push({ path, message });
  return undefined;
}
