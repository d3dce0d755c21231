/** The ids in the subject of a file event. */
export interface FileSubject {
  readonly callId?: string | undefined;
  readonly serverCallId?: string | undefined;
  readonly recordingId?: string | undefined;
}

const names = { call: '/recording/call/', serverCall: '/servercallid/', recording: '/recordingid/' } as const;

/**
 * Reads `/recording/call/{callId}[/serverCallId/{id}][/recordingId/{id}]`, the four forms that were seen. A serverCallId is
 * base64, so it may hold slashes: the names, not the slashes, part the subject.
 */
export function readFileSubject(subject: string = ''): FileSubject {
  const lower = subject.toLowerCase();
  if (!lower.startsWith(names.call)) return {};
  const end = subject.endsWith('/') ? subject.length - 1 : subject.length;
  const recordingAt = lower.lastIndexOf(names.recording);
  const afterCall = recordingAt < 0 ? end : recordingAt;
  const found = lower.indexOf(names.serverCall, names.call.length);
  const serverCallAt = found < 0 || found > afterCall ? afterCall : found;
  return {
    callId: subject.slice(names.call.length, serverCallAt) || undefined,
    serverCallId: subject.slice(serverCallAt + names.serverCall.length, afterCall) || undefined,
    recordingId: recordingAt < 0 ? undefined : subject.slice(recordingAt + names.recording.length, end) || undefined,
  };
}
