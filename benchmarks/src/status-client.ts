import { CallAutomationClient } from '@azure/communication-call-automation';
import { azure } from '@onrecord/adapter-azure';
import { correlationOf, newId, newSessionId, systemClock } from '@onrecord/core';

const [mode, port = '0'] = process.argv.slice(2);
const calls = 3_000;
const connectionString = `endpoint=http://127.0.0.1:${port}/;accesskey=${Buffer.from('benchmark').toString('base64')}`;
const recordingId = 'cmVjb3JkaW5n';

async function caller(): Promise<() => Promise<unknown>> {
  if (mode === 'raw') {
    const client = new CallAutomationClient(connectionString, {
      allowInsecureConnection: true,
      retryOptions: { maxRetries: 0 },
    });
    const recording = client.getCallRecording();
    return () => recording.getState(recordingId);
  }
  const driver = azure({ connectionString, allowInsecureLoopback: true });
  const sessionId = newSessionId(Date.now());
  const signal = new AbortController().signal;
  const part = {
    sessionId,
    partId: 'p1',
    correlation: correlationOf(sessionId, 'p1'),
    call: { kind: 'azure.server-call', provider: 'main', key: 'call', data: { serverCallId: 'call' } },
    output: { media: 'audio', layout: 'mixed', container: 'wav' },
    handle: { recordingId },
  } as const;
  return () => driver.doStatus(part, { pollId: newId(), asOfOrdinal: 1 }, { signal, clock: systemClock });
}

const call = await caller();
for (let index = 0; index < 200; index++) await call();
const before = process.cpuUsage();
for (let index = 0; index < calls; index++) await call();
const { user, system } = process.cpuUsage(before);
console.log((user + system) / calls);
process.exit();
