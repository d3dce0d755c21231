/** An operation of the API, by the last part of its name in the service's description, and the ids in its path. */
export interface ApiRoute {
  readonly operation: ApiOperation;
  readonly id: string;
  /** Of `GetParticipant`. */
  readonly participant: string;
}

export type ApiOperation =
  | 'StartRecording'
  | 'GetRecordingProperties'
  | 'StopRecording'
  | 'PauseRecording'
  | 'ResumeRecording'
  | 'CreateCall'
  | 'AnswerCall'
  | 'Connect'
  | 'GetCall'
  | 'HangupCall'
  | 'TerminateCall'
  | 'GetParticipants'
  | 'GetParticipant'
  | 'Play'
  | 'CancelAllMediaOperations';

/** Operations whose requests may be sent again under one `Repeatability-Request-ID`; of others the service knows no such header. */
export const repeatableOperations: ReadonlySet<ApiOperation> = new Set([
  'StartRecording',
  'CreateCall',
  'AnswerCall',
  'Connect',
]);

const recordings = '/calling/recordings';
const calls = '/calling/callConnections';

/** Method, pattern over the path as sent, operation. An id ends at a literal colon: ids have theirs percent-encoded. */
const routes: readonly (readonly [string, RegExp, ApiOperation])[] = [
  ['POST', new RegExp(`^${recordings}$`), 'StartRecording'],
  ['GET', new RegExp(`^${recordings}/([^/:]+)$`), 'GetRecordingProperties'],
  ['DELETE', new RegExp(`^${recordings}/([^/:]+)$`), 'StopRecording'],
  ['POST', new RegExp(`^${recordings}/([^/:]+):pause$`), 'PauseRecording'],
  ['POST', new RegExp(`^${recordings}/([^/:]+):resume$`), 'ResumeRecording'],
  ['POST', new RegExp(`^${calls}$`), 'CreateCall'],
  ['POST', new RegExp(`^${calls}:answer$`), 'AnswerCall'],
  ['POST', new RegExp(`^${calls}:connect$`), 'Connect'],
  ['GET', new RegExp(`^${calls}/([^/:]+)$`), 'GetCall'],
  ['DELETE', new RegExp(`^${calls}/([^/:]+)$`), 'HangupCall'],
  ['POST', new RegExp(`^${calls}/([^/:]+):terminate$`), 'TerminateCall'],
  ['GET', new RegExp(`^${calls}/([^/:]+)/participants$`), 'GetParticipants'],
  ['GET', new RegExp(`^${calls}/([^/:]+)/participants/([^/]+)$`), 'GetParticipant'],
  ['POST', new RegExp(`^${calls}/([^/:]+):play$`), 'Play'],
  ['POST', new RegExp(`^${calls}/([^/:]+):cancelAllMediaOperations$`), 'CancelAllMediaOperations'],
];

/** The operation that a request line asks for; undefined for anything that is not simulated. */
export function apiRoute(method: string, path: string): ApiRoute | undefined {
  for (const [verb, pattern, operation] of routes) {
    const match = verb === method ? pattern.exec(path) : null;
    if (match) return { operation, id: decoded(match[1]), participant: decoded(match[2]) };
  }
  return undefined;
}

function decoded(segment: string | undefined): string {
  try {
    return decodeURIComponent(segment ?? '');
  } catch {
    return '';
  }
}
