import { isGuid } from './guid.ts';

/** The ids by which a call can be named, each of them another kind of text. */
export type CallIdName = 'callConnectionId' | 'serverCallId' | 'groupCallId' | 'roomId';

/** Base64 of `http`: real ones are an encoded URL, https://github.com/Azure/azure-sdk-for-js/issues/26154 */
const encodedUrl = /^aHR0c/;

/**
 * Why this text is evidently another id, or none; undefined where it may be right. Ids of the service are opaque, so
 * nothing more is asked of one than that it is not known to be something else.
 */
export function callIdProblem(name: CallIdName, id: unknown): string | undefined {
  if (typeof id !== 'string' || id === '') return 'Must be text that is not empty.';
  // \s and the control characters: none of them is in an id, and some break a request's path.
  if (/[\s\p{Cc}]/u.test(id)) return 'Must hold no space, line break or control character.';
  switch (name) {
    case 'serverCallId':
      return isGuid(id) ? guidIsNoServerCall : undefined;
    case 'callConnectionId':
      return encodedUrl.test(id) ? 'Is a serverCallId: pass it to azureServerCall().' : undefined;
    case 'groupCallId':
      return isGuid(id) ? undefined : 'Must be a GUID: the groupId with which the clients join the group call.';
    case 'roomId':
      return encodedUrl.test(id) ? 'Is a serverCallId: pass it to azureServerCall().' : undefined;
  }
}

/** https://github.com/Azure-Samples/communication-services-javascript-quickstarts/issues/203 */
const guidIsNoServerCall =
  'A GUID is no serverCallId but a callId, correlationId, callConnectionId or groupId. Take serverCallId from ' +
  'CallConnected, from the result of answerCall or createCall, or from getServerCallId() of the calling client; a ' +
  'callConnectionId goes to azureCallConnection(), a groupId to azureGroupCall().';
