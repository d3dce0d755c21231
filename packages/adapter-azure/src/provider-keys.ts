/** The key by which events name a recording, once it is known. */
export function recordingKey(recordingId: string): string {
  return `recording/${recordingId}`;
}

/**
 * Where a file event names no recording, only its call. Recordings of one call share the key of its serverCallId; that of
 * its other id no part claims, so its report waits for a person.
 */
export function callKey(kind: 'server-call' | 'call', id: string): string {
  return `${kind}/${id}`;
}
