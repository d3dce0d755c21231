/**
 * What Microsoft documents of Call Automation recording on calls of Teams Phone extensibility, and nothing else: what its
 * pages leave open is not here, but in {@link unknownUnder}.
 *
 * The quickstart starts recordings by call connection ("you need to use the CallConnectionId"), as audio in WAV; mixed and
 * unmixed, pause and resume are named in the overview; prompts from text, SSML or a file to everybody are a row of the
 * table of capabilities; storage of one's own is named in the retirement guide. The rest is the same REST API.
 *
 * @see {@link https://learn.microsoft.com/azure/communication-services/quickstarts/tpe/teams-phone-extensibility-quickstart}
 * @see {@link https://learn.microsoft.com/azure/communication-services/concepts/interop/tpe/teams-phone-extensibility-capabilities}
 */
export const teamsPhoneCapabilities = {
  spec: 'onrecord.capabilities/v1',
  calls: ['azure.call-connection'],
  outputs: [
    { media: 'audio', layout: 'mixed', container: 'wav' },
    { media: 'audio', layout: 'separate', container: 'wav' },
    { media: 'audio', layout: 'per-participant', container: 'wav' },
  ],
  pause: { effects: ['omitted'], fidelity: 'native', startPaused: false },
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
