/**
 * What Call Automation recording does on a standalone Communication Services resource, API 2026-03-12.
 *
 * Outputs are the table of legal combinations in "Call Recording overview"; `separate` and `per-participant` are
 * unmixed WAV with one voice per channel, at most five. A pause is cut out of the file. A notice can be played only
 * where a call connection is known, so `announce` names that kind alone. Finished files are in the service's storage for
 * 24 hours (48 until 2023), or in a Blob container of the user's. `rooms: 'attempt'` adds rooms.
 *
 * @see {@link https://learn.microsoft.com/azure/communication-services/concepts/voice-video-calling/call-recording}
 */
export const azureCapabilities = {
  spec: 'onrecord.capabilities/v1',
  calls: ['azure.call-connection', 'azure.server-call', 'azure.group-call'],
  outputs: [
    { media: 'audio', layout: 'mixed', container: 'wav' },
    { media: 'audio', layout: 'mixed', container: 'mp3' },
    { media: 'audio-video', layout: 'mixed', container: 'mp4' },
    { media: 'audio', layout: 'separate', container: 'wav' },
    { media: 'audio', layout: 'per-participant', container: 'wav' },
  ],
  pause: { effects: ['omitted'], fidelity: 'native', startPaused: true },
  discard: false,
  announce: { fidelity: 'native', sources: ['text', 'ssml', 'file'], on: ['azure.call-connection'] },
  starts: { scope: 'call', concurrent: 1, total: 'unlimited' },
  confirms: {
    start: ['push', 'poll'],
    pause: ['push', 'poll'],
    resume: ['push', 'poll'],
    stop: ['answer', 'push', 'poll'],
  },
  commandPlane: 'direct',
  custody: 'either',
  hostedForMs: 86_400_000,
  lookup: 'token',
  status: true,
} as const;
