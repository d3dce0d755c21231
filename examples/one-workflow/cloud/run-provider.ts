import { mkdir, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { OnRecordError, type RecordingEvent, type SessionRecord, type StartUpReport } from '@onrecord/core';
import type { Turn } from '../speech/script.ts';
import { AppProcess } from './app-process.ts';
import type { SpokenTurn } from './conversation.ts';
import { type ProviderName, providers } from './providers.ts';
import type { Capture, Scene } from './scene.ts';

/** What happened on one provider. */
export interface Run {
  readonly provider: ProviderName;
  /** What the recorder said at its start. */
  readonly startUp: StartUpReport | undefined;
  readonly record: SessionRecord;
  /** As the worker delivered them. */
  readonly events: readonly RecordingEvent[];
  readonly spoken: readonly SpokenTurn[];
  readonly capture: Capture;
  readonly processes: readonly { readonly role: string; readonly pid: number }[];
  readonly problems: readonly string[];
  /** Of the scene. */
  readonly server?: string | undefined;
  readonly strain?: string | undefined;
}

export interface RunOptions {
  readonly turns: readonly Turn[];
  /** Where the application keeps its sessions and its archive; emptied first. */
  readonly folder: string;
  /** Told what goes on, in a few words. */
  readonly progress: (text: string) => void;
  readonly signal: AbortSignal;
}

/** Plays the whole conversation on one provider: the cloud and the phones here, the application in processes of its own. */
export async function runProvider(provider: ProviderName, options: RunOptions): Promise<Run> {
  const { folder, progress, signal } = options;
  await emptied(folder);
  const scene = await providers[provider]();
  const children: AppProcess[] = [];
  const lost = Promise.withResolvers<never>();
  try {
    progress('starting the application');
    const environment = {
      CONFIG: fileURLToPath(new URL(`../configs/${provider}.yaml`, import.meta.url)),
      DEMO_DIR: folder,
      WORKER: scene.processes.includes('worker') ? 'elsewhere' : 'here',
      ...scene.environment,
    };
    const start = (role: string): AppProcess => {
      const child = new AppProcess(role, environment);
      children.push(child);
      // An application would wait for room on its disk; whoever watches a demo would wait for nothing.
      child.on('warning', ({ code, text }) => {
        if (code === 'storage-failed') lost.reject(new OnRecordError('storage-failed', `${role}: ${text}`));
      });
      return child;
    };
    return await Promise.race([play(provider, scene, start, options), aborted(signal), lost.promise]);
  } catch (error) {
    // What the application logged last is nearer to the reason than that time ran out.
    const said = children.map(({ role, output }) => output && `${role}: ${output.trim().split('\n').at(-1)}`);
    if (error !== signal.reason || said.join('') === '') throw error;
    throw new OnRecordError('timeout', `The conversation was not over in time. ${said.filter(Boolean).join('; ')}`);
  } finally {
    await Promise.all(children.map((child) => child.close()));
    await scene[Symbol.asyncDispose]();
  }
}

/** @throws OnRecordError `storage-failed` naming the folder. */
async function emptied(folder: string): Promise<void> {
  try {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new OnRecordError('storage-failed', `The folder ${folder} cannot be made anew (${reason}).`, {
      remedy: 'Move away what is in its place, or let this user write there.',
      cause,
    });
  }
}

async function play(
  provider: ProviderName,
  scene: Scene,
  start: (role: string) => AppProcess,
  { turns, progress, signal }: RunOptions,
): Promise<Run> {
  const { conversation } = scene;
  const web = start('web');
  const others = scene.processes.map(start);
  const events: RecordingEvent[] = [];
  for (const child of [web, ...others]) child.on('event', ({ event }) => events.push(event));
  web.on('state', ({ state }) => progress(state));
  const settled = web.next('settled');
  // Whichever process ends first, the reason is told by the one that is waited for.
  settled.catch(() => {});
  const recording = web.next('state', ({ state }) => state === 'recording');
  recording.catch(() => {});
  const [ready, ...ready2] = await Promise.all([web, ...others].map((child) => child.next('ready')));
  const lambda = ready2[scene.processes.indexOf('lambda')]?.url;
  progress('ringing');
  await Promise.all([scene.ring({ web: ready?.url ?? '', lambda }), recording]);

  for (const turn of turns) {
    if (turn.card) await readCard(turn);
    else {
      progress(`${turn.speaker}: ${turn.text ?? '…'}`);
      await conversation.say(turn, signal);
    }
  }
  progress('hanging up');
  scene.hangUp();
  const { record } = await settled;
  return {
    provider,
    startUp: ready?.report,
    record,
    events,
    spoken: conversation.spoken,
    capture: scene.capture(),
    processes: [web, ...others].map(({ role, pid }) => ({ role, pid })),
    problems: scene.problems(),
    server: scene.server,
    strain: scene.strain?.(),
  };

  /** The number is said when the application asks for it, and not a moment before. */
  async function readCard(turn: Turn): Promise<void> {
    const asked = web.next('collect');
    const taken = web.next('card-taken');
    taken.catch(() => {});
    web.tell({ tell: 'take-card' });
    await asked;
    progress('caller reads the card number');
    await conversation.say(turn, signal);
    web.tell({ tell: 'collected' });
    await taken;
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.throwIfAborted();
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
