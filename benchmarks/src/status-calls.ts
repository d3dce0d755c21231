import { CallAutomationClient } from '@azure/communication-call-automation';
import { azure } from '@onrecord/adapter-azure';
import { correlationOf, newId, newSessionId, systemClock } from '@onrecord/core';

/** The state of a recording asked for through the adapter, and through the vendor's SDK alone. */
export function statusCalls(port: number): Readonly<Record<'adapter' | 'raw', () => Promise<unknown>>> {
  const connectionString = `endpoint=http://127.0.0.1:${port}/;accesskey=${Buffer.from('benchmark').toString('base64')}`;
  const recordingId = 'cmVjb3JkaW5n';
  const client = new CallAutomationClient(connectionString, {
    allowInsecureConnection: true,
    retryOptions: { maxRetries: 0 },
  });
  const recording = client.getCallRecording();
  const driver = azure({ connectionString, allowInsecureLoopback: true });
  const sessionId = newSessionId(Date.now());
  // The SDK has no time-out of its own, so a call of either side can be given up.
  const { signal } = new AbortController();
  const part = {
    sessionId,
    partId: 'p1',
    correlation: correlationOf(sessionId, 'p1'),
    call: { kind: 'azure.server-call', provider: 'main', key: 'call', data: { serverCallId: 'call' } },
    output: { media: 'audio', layout: 'mixed', container: 'wav' },
    handle: { recordingId },
  } as const;
  return {
    adapter: () => driver.doStatus(part, { pollId: newId(), asOfOrdinal: 1 }, { signal, clock: systemClock }),
    raw: () => recording.getState(recordingId, { abortSignal: signal }),
  };
}
