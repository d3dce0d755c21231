import {
  CreateSipMediaApplicationCallCommand,
  UpdateSipMediaApplicationCallCommand,
} from '@aws-sdk/client-chime-sdk-voice';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startChime } from '../start-chime.ts';
import { type Clients, openClients } from '../testing/clients.ts';
import { AGENT, APPLICATION, CALLER, openSmaScene, type SmaScene, speak, summary } from '../testing/sma-scene.ts';
import { SipRule } from './sip-rule.ts';

let scene: SmaScene;
let clients: Clients;
beforeEach(async () => {
  scene = await openSmaScene((event) =>
    ['CALL_ANSWERED', 'CALL_UPDATE_REQUESTED'].includes(event.InvocationEventType) ? [speak(event, 'x')] : undefined,
  );
  clients = openClients(scene.chime);
});
afterEach(async () => {
  clients[Symbol.dispose]();
  await scene[Symbol.asyncDispose]();
});

async function place(): Promise<string> {
  const request = new CreateSipMediaApplicationCallCommand({
    SipMediaApplicationId: scene.application.id,
    FromPhoneNumber: APPLICATION,
    ToPhoneNumber: AGENT,
    ArgumentsMap: { session: 'one' },
  });
  const { SipMediaApplicationCall } = await clients.voice.send(request);
  return String(SipMediaApplicationCall?.TransactionId);
}

function update(TransactionId: string, Arguments: Record<string, string>, SipMediaApplicationId?: string) {
  const id = SipMediaApplicationId ?? scene.application.id;
  return new UpdateSipMediaApplicationCallCommand({ SipMediaApplicationId: id, TransactionId, Arguments });
}

describe('the voice API', () => {
  test('places a call by CreateSipMediaApplicationCall, whose arguments NEW_OUTBOUND_CALL has', async () => {
    const transactionId = await place();
    await scene.clock.advance(3_000);
    expect(scene.events[0]).toMatchObject({
      InvocationEventType: 'NEW_OUTBOUND_CALL',
      ActionData: { Parameters: { Arguments: { session: 'one' } } },
      CallDetails: { TransactionId: transactionId },
    });
    expect(summary(scene.events).at(-1)).toBe('4 ACTION_SUCCESSFUL Speak');
  });

  test('places one more call for each repetition: the request has no token', async () => {
    await place();
    await place();
    expect(scene.application.calls).toHaveLength(2);
  });

  test('sends CALL_UPDATE_REQUESTED for each UpdateSipMediaApplicationCall, and runs its answer', async () => {
    const transactionId = await place();
    await scene.clock.advance(3_000);
    for (const round of ['first', 'second']) await clients.voice.send(update(transactionId, { round }));
    await scene.clock.advance(1_000);
    const updates = scene.events.filter(({ InvocationEventType: type }) => type === 'CALL_UPDATE_REQUESTED');
    expect(updates.map(({ ActionData }) => ActionData)).toEqual(
      ['first', 'second'].map((round) => ({ Type: 'CallUpdateRequest', Parameters: { Arguments: { round } } })),
    );
    expect(scene.events.filter(({ ActionData }) => ActionData?.Type === 'Speak')).toHaveLength(3);
  });

  test('finds no call that is over, none of another application, and none before it was placed', async () => {
    const transactionId = await place();
    const other = scene.chime.sipMediaApplication(async () => null);
    const notFound = { name: 'NotFoundException', $metadata: { httpStatusCode: 404 } };
    await expect(clients.voice.send(update(transactionId, {}, other.id))).rejects.toMatchObject(notFound);
    await expect(clients.voice.send(update(crypto.randomUUID(), {}))).rejects.toMatchObject(notFound);
    await scene.clock.advance(3_000);
    scene.application.calls[0]?.hangUp();
    await scene.clock.idle();
    await expect(clients.voice.send(update(transactionId, {}))).rejects.toMatchObject(notFound);
  });

  test('takes at most twenty arguments', async () => {
    const transactionId = await place();
    const pairs = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`key${at}`, 'x']));
    await clients.voice.send(update(transactionId, pairs(20)));
    await expect(clients.voice.send(update(transactionId, pairs(21)))).rejects.toMatchObject({
      name: 'BadRequestException',
    });
  });

  test('of another region updates a call that its application took over', async () => {
    await using west = await startChime({ clock: scene.clock, s3: scene.s3, region: 'us-west-2' });
    const seen: string[] = [];
    const application = west.sipMediaApplication(
      async ({ InvocationEventType }) => void seen.push(InvocationEventType),
    );
    scene.chime.lambdaFaults.next({ fault: { status: 500 }, times: 2 });
    const rule = new SipRule([
      { application: scene.application, priority: 1 },
      { application, priority: 2 },
    ]);
    const call = rule.placeInboundCall({ from: CALLER, to: APPLICATION });
    await scene.clock.idle();
    using western = openClients(west);
    await western.voice.send(update(call.transactionId, {}, application.id));
    await scene.clock.idle();
    expect(seen).toEqual(['NEW_INBOUND_CALL', 'CALL_UPDATE_REQUESTED']);
    expect(scene.events).toEqual([]);
  });
});
