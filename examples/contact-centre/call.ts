/** One call from its first ring until its recording is archived and gone from Azure. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { SessionSnapshot } from '@onrecord/core';
import { memorySessionStore } from '@onrecord/core';
import { type AzureBehaviour, type AzureRequest, tone, VirtualCall } from '@onrecord/simulator';
import { filesystem } from '@onrecord/storage';
import { startContactCentre } from './app/server.ts';
import { AGENT_HZ, AGENT_NUMBER, CALLER_NUMBER, callerVoice, MUSIC_HZ, OFFICE_NUMBER } from './cloud/people.ts';
import { openResource } from './cloud/resource.ts';

/** When what happens, in ms from the first ring. */
export const SCRIPT = {
  agentJoinsMs: 20_000,
  cardFormMs: 30_000,
  cardMs: { fromMs: 36_000, toMs: 46_000 },
  cardDoneMs: 48_000,
  agentLeavesMs: 60_000,
  agentIsBackMs: 70_000,
  hangUpMs: 80_000,
};

/** How the call goes otherwise. */
export interface CallOptions {
  readonly behaviour?: Partial<AzureBehaviour> | undefined;
  /** The caller hangs up before an agent comes. */
  readonly abandoned?: boolean | undefined;
  /** The agent is off the call between these moments, in ms from the first ring, around the card form. */
  readonly agentAway?: { readonly fromMs: number; readonly toMs: number } | undefined;
  /** The notice cannot be played. */
  readonly noticeFails?: boolean | undefined;
}

export interface Moment {
  readonly atMs: number;
  readonly what: string;
  /** Of the recording, a moment later. */
  readonly state: string;
}

export interface RecordedCall {
  readonly moments: readonly Moment[];
  /** Undefined when nothing was started. */
  readonly snapshot: SessionSnapshot | undefined;
  readonly noticeId: string | undefined;
  /** The archived file, if there is one. */
  readonly path: string | undefined;
  readonly wav: Uint8Array | undefined;
  /** Of the agent's page, just before the card number is read out. */
  readonly form: string | undefined;
  /** What was asked of Azure. */
  readonly requests: readonly AzureRequest[];
  readonly notes: readonly string[];
}

const SEEN_AFTER_MS = 5_000;

/** @param folder where the file is archived. */
export async function recordCall(folder: string, options: CallOptions = {}): Promise<RecordedCall> {
  await using resource = await openResource(options.behaviour);
  const { clock, azure } = resource;
  const store = memorySessionStore();
  await using centre = await startContactCentre({
    azure: resource.options,
    cognitiveServicesEndpoint: 'https://speech.cognitiveservices.azure.com',
    isAgent: (participant) => participant === `4:${AGENT_NUMBER}`,
    store,
    archive: filesystem(folder),
    clock,
  });
  await azure.subscribe({ url: resource.subscription(centre.url) });
  if (options.noticeFails) azure.failNextPlay({ code: 400, subCode: 8565, message: 'Action failed.' });

  const begun = clock.now();
  const conversation = new VirtualCall(clock);
  conversation.join({ name: 'caller', address: CALLER_NUMBER, source: callerVoice(SCRIPT.cardMs) });
  conversation.join({ name: 'music', address: '8:acs:queue-music', source: tone(MUSIC_HZ) });
  const ringing = azure.ring({ call: conversation, from: CALLER_NUMBER, to: OFFICE_NUMBER });
  await clock.advance(1_000);
  const call = ringing.answered;
  if (!call) throw new Error('nobody answered the call');

  const moments: Moment[] = [];
  let form: string | undefined;
  const until = (atMs: number) => clock.advance(Math.max(0, begun + atMs - clock.now()));
  const records = async () => Promise.all((await store.list()).map((id) => store.load(id)));
  const state = async () => (await records())[0]?.snapshot.state ?? 'nothing';
  const at = async (atMs: number, what: string, act: () => unknown) => {
    await until(atMs);
    await act();
    await until(atMs + SEEN_AFTER_MS);
    moments.push({ atMs, what, state: await state() });
  };
  const agent = { name: 'agent', address: AGENT_NUMBER, source: tone(AGENT_HZ) };
  const { fromMs: awayMs = Number.POSITIVE_INFINITY, toMs: backMs = Number.POSITIVE_INFINITY } =
    options.agentAway ?? {};
  /** The agent's leaving and coming that fall before this moment. */
  const comeAndGo = async (beforeMs: number) => {
    const since = clock.now() - begun;
    if (awayMs >= since && awayMs < beforeMs) {
      await until(awayMs);
      call.leave('agent');
    }
    if (backMs >= since && backMs < beforeMs) {
      await until(backMs);
      call.join(agent);
    }
  };
  const card = async (method: 'POST' | 'GET' | 'DELETE') => {
    const [record] = await records();
    const answer = await clock.until(fetch(`${centre.url}/recordings/${record?.id}/card`, { method }), 60_000);
    return ((await answer.json()) as { readonly form?: string }).form;
  };

  await at(10_000, 'the caller has been told, and waits', () => {});
  if (!options.abandoned) {
    await at(SCRIPT.agentJoinsMs, 'an agent takes the call', () => {
      call.leave('music');
      call.join(agent);
    });
    if (!options.noticeFails) {
      await comeAndGo(SCRIPT.cardFormMs);
      await at(SCRIPT.cardFormMs, 'the agent asks for the card form', () =>
        // A double click.
        Promise.all([card('POST'), card('POST')]),
      );
      form = await card('GET');
      await comeAndGo(SCRIPT.cardDoneMs);
      await at(SCRIPT.cardDoneMs, 'the agent closes the card form', () => card('DELETE'));
      await comeAndGo(SCRIPT.agentLeavesMs);
    }
    await at(SCRIPT.agentLeavesMs, 'the agent leaves to ask', () => call.leave('agent'));
    await at(SCRIPT.agentIsBackMs, 'the agent is back', () => call.join(agent));
  }
  await at(SCRIPT.hangUpMs, 'everybody hangs up', () => call.end());

  const [record] = await records();
  const snapshot = record && (await clock.until(centre.settled(record.id)));
  await clock.advance(60_000);
  const master = snapshot?.artifacts.find(({ role, state: stands }) => role === 'master' && stands === 'stored');
  const path = master && fileURLToPath(master.location);
  return {
    moments,
    snapshot: (await records())[0]?.snapshot,
    noticeId: record?.consent?.noticeId,
    path,
    wav: path === undefined ? undefined : await readFile(path),
    requests: azure.requests(),
    form,
    notes: centre.desk.notes,
  };
}
