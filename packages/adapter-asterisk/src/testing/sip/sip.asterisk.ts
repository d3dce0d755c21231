import { setTimeout as delay } from 'node:timers/promises';
import { toneLevel } from '@onrecord/core/media';
import { expect, test } from 'vitest';
import { ask } from '../phones/ari-request.ts';
import { describeWithSip } from '../server/lane.ts';
import { listeningSockets } from '../server/listening-sockets.ts';
import { startAsterisk } from '../server/start-asterisk.ts';
import { placeSipCall } from './place-sip-call.ts';

interface Channel {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly dialplan: { readonly app_name: string };
}

describeWithSip('a SIP call', (suite) => {
  test('is an ordinary call of the PBX, in no Stasis application', async () => {
    await using server = await startAsterisk({ suite, sip: true });
    await using call = await placeSipCall(server);
    const channels = (await ask(server, 'GET', '/channels')) as readonly Channel[];
    const caller = channels.find(({ id }) => id === call.callerChannelId);
    const callee = channels.find(({ id }) => id === call.calleeChannelId);
    expect(caller).toMatchObject({ state: 'Up', dialplan: { app_name: 'Dial' } });
    expect(caller?.name).toMatch(suite === 'asterisk-16' ? /^SIP\// : /^PJSIP\//);
    expect(callee?.name).toMatch(/^Local\/1030@phone-.*;1$/);
    expect(await ask(server, 'GET', '/applications')).toEqual([]);
    const recording = ask(server, 'POST', `/bridges/${call.bridgeId}/record`, { name: 'never', format: 'wav' });
    await expect(recording).rejects.toMatchObject({ status: 409 });
  });

  test('carries the voices of both sides', async () => {
    await using server = await startAsterisk({ suite, sip: true });
    await using call = await placeSipCall(server, { calleeToneHz: 1270 });
    call.say(440);
    await delay(700);
    const samples = (await call.heard()).subarray(-3200);
    expect(toneLevel(samples, 8_000, 1270)).toBeGreaterThan(-20);
    expect(toneLevel(samples, 8_000, 440)).toBeLessThan(-50);
  });

  test('is over for the server when the caller hangs up', async () => {
    await using server = await startAsterisk({ suite, sip: true });
    const call = await placeSipCall(server);
    await call.hangUp();
    await call.hangUp();
    await expect.poll(() => ask(server, 'GET', '/channels'), { timeout: 10_000 }).toEqual([]);
  });

  test('is over for the caller when the server hangs up', async () => {
    await using server = await startAsterisk({ suite, sip: true });
    const call = await placeSipCall(server);
    await ask(server, 'DELETE', `/channels/${call.callerChannelId}`);
    await call.ended;
  });

  test('opens no socket that is not on 127.0.0.1, but for the resolver of chan_pjsip', async () => {
    await using server = await startAsterisk({ suite, sip: true });
    await using _ = await placeSipCall(server);
    const sockets = listeningSockets(server.pid);
    const elsewhere = sockets.filter(({ address }) => address !== '127.0.0.1').map(({ protocol }) => protocol);
    expect(elsewhere).toEqual(suite === 'asterisk-16' ? [] : ['udp', 'udp']);
    expect(sockets).toContainEqual({ protocol: 'udp', address: '127.0.0.1', port: server.sipPort });
  });
});
