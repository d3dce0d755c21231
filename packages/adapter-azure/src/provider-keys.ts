/** The key by which events name a recording, once it is known. */
export function recordingKey(recordingId: string): string {
  return `recording/${recordingId}`;
}

/** Where a file event names no recording, only its call: no part claims such a key, so its report waits for a person. */
export function callKey(kind: 'server-call' | 'call', id: string): string {
  return `${kind}/${id}`;
}
