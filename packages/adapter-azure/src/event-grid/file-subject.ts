/** The ids in the subject of a file event. */
export interface FileSubject {
  readonly callId?: string | undefined;
  readonly serverCallId?: string | undefined;
  readonly recordingId?: string | undefined;
}

/** A serverCallId is base64, so it may hold slashes: the names, not the slashes, part the subject. */
const form = /^\/recording\/call\/(.+?)(?:\/serverCallId\/(.+?))?(?:\/recordingId\/(.+?))?\/?$/i;

/** Reads `/recording/call/{callId}[/serverCallId/{id}][/recordingId/{id}]`, the four forms that were seen. */
export function readFileSubject(subject: string | undefined): FileSubject {
  const [, callId, serverCallId, recordingId] = form.exec(subject ?? '') ?? [];
  return { callId, serverCallId, recordingId };
}
