import { identifierKinds, requestedRawId } from '../call/identifier.ts';
import { isRecord } from './shape.ts';

/**
 * What is wrong with an identifier whose fields have the right types: the table of its fields cannot say that at most
 * one member may stand beside `rawId`, and that it has to be that of `kind`. Source: common.json 2025-06-30,
 * `CommunicationIdentifierModel`.
 */
export function identifierProblem(identifier: unknown, path: string): string | undefined {
  if (!isRecord(identifier)) return `${path} must be an object.`;
  const members = identifierKinds.filter((kind) => isRecord(identifier[kind]));
  const { kind } = identifier;
  if (members.length > 1) return `${path} must not hold both ${members.join(' and ')}.`;
  const [member] = members;
  if (member !== undefined && typeof kind === 'string' && kind !== member) {
    return `${path}.kind is ${kind}, but the identifier holds ${member}.`;
  }
  return requestedRawId(identifier) === undefined ? `${path} names nobody.` : undefined;
}
