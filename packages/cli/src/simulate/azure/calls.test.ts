import { describe, expect, test } from 'vitest';
import { caller, fast, type Json, openBench, until } from './testing/azure-bench.ts';

describe('calls', () => {
  test('people join and leave, our connection ends, and the call goes on until everybody hangs up', async () => {
    await using bench = await openBench();
    bench.note();
    await bench.simulate(...fast);
    const { body: placed } = await bench.ask('POST', '/calls', {
      provider: 'azure',
      callbackUri: `${bench.origin}/callbacks`,
      participants: [caller],
    });
    await bench.eventually('CallConnected');
    const joined = await bench.ask('POST', `/calls/${placed.id}/participants`, {
      name: 'b b',
      address: '+15550111',
    });
    expect(joined).toMatchObject({
      status: 200,
      body: { participants: [{ name: 'caller' }, { name: 'b b', present: true }] },
    });
    const inCall = (count: number) => (data: Json) => (data['participants'] as readonly Json[]).length === count;
    await bench.eventually('ParticipantsUpdated', inCall(2));
    bench.heard.length = 0;
    const left = await bench.ask('DELETE', `/calls/${placed.id}/participants/b%20b`);
    expect(left.body.participants[1]).toMatchObject({ name: 'b b', present: false });
    await bench.eventually('ParticipantsUpdated', inCall(1));
    const gone = await bench.ask('POST', `/calls/${placed.id}/hang-up`);
    expect(gone.body).toMatchObject({ leg: 'disconnected', over: false });
    await bench.eventually('CallDisconnected');
    expect((await bench.ask('DELETE', `/calls/${placed.id}`)).body.over).toBe(true);
    expect((await bench.ask('POST', `/calls/${placed.id}/participants`, { name: 'late' })).status).toBe(409);
  });

  test('one that rings is told by Event Grid, and answered through the SDK', async () => {
    await using bench = await openBench();
    bench.note();
    await bench.simulate(...fast, '--event-grid', `${bench.origin}/grid`);
    await until(async () => (bench.run().err().includes('is subscribed') ? true : undefined));
    const { body: placed } = await bench.ask('POST', '/calls', {
      provider: 'azure',
      from: '+15550100',
      to: '+15550199',
      participants: [caller],
    });
    expect(placed).toMatchObject({ leg: 'ringing', over: false });
    const { incomingCallContext, from } = await bench.eventually('IncomingCall');
    expect(from).toMatchObject({ rawId: '4:+15550100' });
    expect(placed.ids.incomingCallContext).toBe(incomingCallContext);
    await bench.client().answerCall(String(incomingCallContext), `${bench.origin}/callbacks`);
    const { callConnectionId } = await bench.eventually('CallConnected');
    const { body: now } = await bench.ask('GET', `/calls/${placed.id}`);
    expect(now).toMatchObject({ leg: 'connected', ids: { callConnectionId } });
  });

  test('a caller can give up before anybody answers', async () => {
    await using bench = await openBench();
    await bench.simulate(...fast);
    const { body: placed } = await bench.ask('POST', '/calls', {
      provider: 'azure',
      from: '+15550100',
      to: '+15550199',
      participants: [caller],
    });
    expect((await bench.ask('DELETE', `/calls/${placed.id}`)).body).toMatchObject({ over: true, leg: 'none' });
    expect((await bench.ask('POST', `/calls/${placed.id}/hang-up`)).status).toBe(409);
  });

  test('one of Teams Phone has an agent and refuses what Teams Phone refuses', async () => {
    await using bench = await openBench();
    bench.note();
    await bench.simulate(...fast);
    const { body: placed } = await bench.ask('POST', '/calls', {
      provider: 'azure',
      callbackUri: `${bench.origin}/callbacks`,
      profile: 'teams-phone',
      participants: [caller, { name: 'agent', teamsUser: 'b1f6a9c4-0000-4000-8000-000000000001' }],
    });
    const { participants } = await bench.eventually('ParticipantsUpdated');
    expect(JSON.stringify(participants)).toMatch(/8:acs:[\w-]+_[\w-]+_b1f6a9c4/);
    expect(Buffer.from(placed.ids.serverCallId, 'base64').toString()).toContain('teams.microsoft.com');
    const recording = bench.client().getCallRecording();
    const callLocator = { kind: 'serverCallLocator', id: placed.ids.serverCallId } as const;
    await expect(recording.start({ callLocator })).rejects.toThrow(/callConnectionId/);
  });

  test('one that the application makes is heard with the voice of whom it calls, and ended by them', async () => {
    await using bench = await openBench();
    bench.note();
    await bench.simulate(...fast);
    const heard = { address: '+15550111', voice: { toneHz: 700 } };
    expect((await bench.ask('POST', '/azure/voices', heard)).status).toBe(200);
    const target = {
      targetParticipant: { phoneNumber: heard.address },
      sourceCallIdNumber: { phoneNumber: '+15550199' },
    };
    await bench.client().createCall(target, `${bench.origin}/callbacks`);
    const { callConnectionId } = await bench.eventually('CallConnected');
    expect((await bench.ask('GET', '/azure')).body.calls).toMatchObject([{ callConnectionId, state: 'connected' }]);
    const ended = await bench.ask('POST', '/azure/hang-up', { callConnectionId });
    expect(ended.body.calls).toMatchObject([{ state: 'disconnected' }]);
    await bench.eventually('CallDisconnected');
    expect((await bench.ask('POST', '/azure/hang-up', { callConnectionId: 'none' })).status).toBe(404);
    const nowhere = { address: '+1', voice: { wav: 'no-such.wav' } };
    expect((await bench.ask('POST', '/azure/voices', nowhere)).body.error).toContain('audio cannot be used');
  });

  test('one without the application can be recorded by its group', async () => {
    await using bench = await openBench();
    await bench.simulate(...fast);
    const groupCallId = '2f6b6e0c-0000-4000-8000-000000000001';
    const { body } = await bench.ask('POST', '/calls', {
      provider: 'azure',
      groupCallId,
      participants: [caller],
    });
    expect(body).toMatchObject({ leg: 'none', ids: { serverCallId: expect.any(String) } });
    const callLocator = { kind: 'groupCallLocator', id: groupCallId } as const;
    const { recordingId } = await bench.client().getCallRecording().start({ callLocator });
    expect((await bench.ask('GET', '/azure')).body.recordings).toEqual([recordingId]);
  });

  test.each([
    [
      'an address and an agent',
      { participants: [{ name: 'a', address: '+1', teamsUser: 'u' }] },
      /participants\.0\.teamsUser: give/,
    ],
    ['half a ringing call', { from: '+1', participants: [caller] }, /to: goes with the other one/],
    [
      'two beginnings',
      { from: '+1', to: '+2', callbackUri: 'http://127.0.0.1/', participants: [caller] },
      /callbackUri: is of/,
    ],
    [
      'speech of nobody',
      { cognitiveServicesEndpoint: 'https://x.example', participants: [caller] },
      /goes with callbackUri/,
    ],
    ['one name twice', { participants: [caller, caller] }, /participants: each need/],
    ['nobody', { participants: [] }, /participants: /],
    ['an unknown profile', { profile: 'teams', participants: [caller] }, /profile: /],
    ['a slip of the pen', { groupcallId: 'x', participants: [caller] }, /groupcallId/],
  ])('%s is refused with the member that is wrong', async (_, body, message) => {
    await using bench = await openBench();
    await bench.simulate();
    const answer = await bench.ask('POST', '/calls', { provider: 'azure', ...body });
    expect(answer).toMatchObject({ status: 400, body: { error: expect.stringMatching(message) } });
  });
});
