/** One call from its first ring to its archived file, with an agent who uses keys and the button meanwhile. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { objectSessionStore } from '@onrecord/session-store/object';
import type { ChimeOptions, JournalledInvocation } from '@onrecord/simulator';
import { filesystem } from '@onrecord/storage';
import { s3 as s3Storage } from '@onrecord/storage/s3';
import { agentFunction } from './app/function.ts';
import { BUCKET } from './app/names.ts';
import { startWeb } from './app/web.ts';
import { openOffice, SESSIONS_BUCKET } from './cloud/office.ts';
import { AGENT_NUMBER, CALLER_NUMBER, callerVoice, OFFICE_NUMBER } from './cloud/people.ts';

/** Something that the agent does, in ms from the moment when the call is answered. */
export type AgentDoes = { readonly atMs: number } & ({ readonly key: string } | { readonly click: string });

export const AGENT_DOES: readonly AgentDoes[] = [
  { atMs: 8_000, key: '5' },
  { atMs: 15_000, key: '6' },
  { atMs: 20_000, click: 'pause' },
  { atMs: 25_000, click: 'resume' },
  { atMs: 30_000, key: '7' },
];

/** How long after a key or click the state is looked at, ms: a key counts once no other followed it for a while. */
const SEEN_AFTER_MS = 1_500;
const CONNECTED_MS = 5_000;
const CALL_MS = 33_000;

/** Something that happened, and the state of the session a moment later, as the button's process tells it. */
export interface Moment {
  readonly atMs: number;
  readonly what: string;
  readonly state: string;
  /** HTTP status of a click. */
  readonly status?: number | undefined;
}

export interface RecordedCall {
  readonly sessionId: string;
  /** CallId of the leg that is recorded. */
  readonly callerLeg: string;
  readonly moments: readonly Moment[];
  /** The archived file. */
  readonly path: string;
  readonly wav: Uint8Array;
  /** All that the caller said, from the answer on: 8 000 samples a second. */
  readonly said: Int16Array;
  /** What the function was asked, and what it answered. */
  readonly invocations: readonly JournalledInvocation[];
  /** How often the call was updated through the API. */
  readonly updates: number;
}

export interface CallOptions {
  readonly agentDoes?: readonly AgentDoes[] | undefined;
  /** What the simulated account does otherwise than usual. */
  readonly chime?: Partial<ChimeOptions> | undefined;
}

/** @param folder where the file is archived. */
export async function recordCall(folder: string, options: CallOptions = {}): Promise<RecordedCall> {
  const { agentDoes = AGENT_DOES } = options;
  await using office = await openOffice(options.chime);
  const { clock, s3, chime } = office;
  const bucket = (name: string) => s3Storage({ bucket: name, client: s3.clientConfig() });
  const store = objectSessionStore(bucket(SESSIONS_BUCKET), { clock });
  const handler = agentFunction({ store, agentNumber: AGENT_NUMBER, clock });
  await handler.ready;
  const application = office.open(handler);
  await using web = await startWeb({
    store,
    chime: { ...chime.clientConfig(), sipMediaApplicationId: application.id },
    landing: bucket(BUCKET),
    archive: filesystem(folder),
    clock,
  });

  const answeredAt = clock.now();
  const call = application.placeInboundCall({ from: CALLER_NUMBER, to: OFFICE_NUMBER, source: callerVoice });
  const until = (atMs: number) => clock.advance(Math.max(0, answeredAt + atMs - clock.now()));
  await until(CONNECTED_MS);
  const [recording] = (await get('')) as readonly { readonly id: string; readonly state: string }[];
  if (!recording) throw new Error('nothing is recorded');
  const { id: sessionId } = recording;
  const state = async () => ((await get(`/${sessionId}`)) as { readonly state: string }).state;

  const moments: Moment[] = [{ atMs: CONNECTED_MS, what: 'the agent is on the line', state: recording.state }];
  for (const does of agentDoes) {
    await until(does.atMs);
    const { what, status } = 'key' in does ? await press(does.key) : await click(does.click);
    await until(does.atMs + SEEN_AFTER_MS);
    moments.push({ atMs: does.atMs, what, state: await state(), status });
  }
  await until(CALL_MS);
  const said = call.call.render(['caller'], answeredAt, clock.now());
  const callerLeg = String(call.legs[0]?.callId);
  call.hangUp('LEG-A');
  await clock.until(call.ended, 60_000);
  const [location] = await clock.until(web.settled(sessionId), 600_000);
  if (location === undefined) throw new Error(`no file of session ${sessionId} was archived`);
  moments.push({ atMs: CALL_MS, what: 'the caller hangs up', state: await state() });
  const path = fileURLToPath(location);
  const invocations = chime.invocations();
  const updates = chime.requests().filter(({ operation }) => operation === 'UpdateSipMediaApplicationCall').length;
  return { sessionId, callerLeg, moments, path, wav: await readFile(path), said, invocations, updates };

  async function press(key: string): Promise<Pick<Moment, 'what' | 'status'>> {
    await clock.until(call.press(key, { leg: 'LEG-B' }), 1_000, 10);
    return { what: `the agent presses ${key}` };
  }

  async function click(command: string): Promise<Pick<Moment, 'what' | 'status'>> {
    const response = await request(`/${sessionId}/${command}`, 'POST');
    await response.body?.cancel();
    return { what: `the agent clicks ${command}`, status: response.status };
  }

  async function get(path: string): Promise<unknown> {
    return (await request(path, 'GET')).json();
  }

  function request(path: string, method: string): Promise<Response> {
    return clock.until(fetch(`${web.url}/recordings${path}`, { method }), 60_000);
  }
}
