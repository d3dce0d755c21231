import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { ask } from '../phones/ari-request.ts';
import { type MediaLine, openLine } from '../phones/media.ts';
import { fetchPackages } from '../server/fetch-packages.ts';
import type { AsteriskServer } from '../server/start-asterisk.ts';

const scenario = fileURLToPath(new URL('./caller.xml', import.meta.url));

const CONNECT_TIMEOUT_MS = 10_000;

/** Ports of the server's block that callers use, two each, one after the other. */
const CALLERS = 3;
let calls = 0;

export interface SipCallOptions {
  /** What the called party says without end, in Hz; the dialplan plays it. @default 1030 */
  readonly calleeToneHz?: number;
}

/**
 * An ordinary call of a PBX: sipp calls, the dialplan's `Dial()` connects, and no Stasis application has part in it.
 * The caller's voice is RTP from this process.
 */
export interface SipCall extends AsyncDisposable {
  /** The SIP channel. */
  readonly callerChannelId: string;
  /** The channel that `Dial()` made. */
  readonly calleeChannelId: string;
  /** The dialplan's own bridge, which ARI cannot record. */
  readonly bridgeId: string;
  /** From the next 20 ms on the caller says a sine of −12 dBFS, or nothing. */
  say(toneHz: number | undefined): void;
  play(samples: Int16Array): Promise<number | undefined>;
  /** What the caller heard. */
  heard(): Promise<Int16Array>;
  /** Resolves when the caller's telephone has left the call, whoever hung up. */
  readonly ended: Promise<void>;
  /** The caller hangs up (BYE); resolves when that is done. May be called again. */
  hangUp(): Promise<void>;
}

/**
 * Calls over SIP, and resolves once the two sides are connected. Up to three calls of a server at once.
 *
 * @throws {SuiteUnavailable} where sipp cannot be had.
 */
export async function placeSipCall(
  server: Pick<AsteriskServer, 'url' | 'username' | 'password' | 'sipPort'>,
  options: SipCallOptions = {},
): Promise<SipCall> {
  const callId = randomUUID();
  const line = await openLine('127.0.0.1', 'sent');
  const port = server.sipPort + 1 + 2 * (calls++ % CALLERS);
  const sipp = await startSipp([
    ...['-sf', scenario, '-m', '1', '-nostdin', '-cid_str', callId],
    ...['-i', '127.0.0.1', '-p', String(port), '-bind_local', '-mi', '127.0.0.1'],
    ...['-ci', '127.0.0.1', '-cp', String(port + 1)],
    ...['-s', String(options.calleeToneHz ?? 1030), '-key', 'media_to', String(line.port)],
    `127.0.0.1:${server.sipPort}`,
  ]);
  const ended = once(sipp.process, 'exit').then(() => line.close());
  const hangUp = (): Promise<void> => quit(sipp.process, ended);
  try {
    const connected = await connection(server, callId, sipp);
    return { ...connected, ...voice(line), ended, hangUp, [Symbol.asyncDispose]: hangUp };
  } catch (error) {
    await hangUp();
    throw error;
  }
}

function voice({ say, play, heard }: MediaLine): Pick<SipCall, 'say' | 'play' | 'heard'> {
  return { say, play, heard };
}

interface Sipp {
  readonly process: ChildProcess;
  said(): string;
}

/** Unpacked like the server, and started by its own loader. */
async function startSipp(options: readonly string[]): Promise<Sipp> {
  const { folder } = await fetchPackages('sipp-forky', 'forky', ['sip-tester']);
  const root = join(folder, 'root');
  const libraries = readdirSync(join(root, 'usr', 'lib')).find((name) => name.includes('-linux-gnu'));
  const libraryPath = join(root, 'usr', 'lib', libraries ?? '');
  const loader = readdirSync(libraryPath).find((name) => /^ld-linux-.*\.so\.\d$/.test(name));
  if (loader === undefined) throw new Error(`no dynamic loader in ${libraryPath}`);
  const command = [join(libraryPath, loader), '--library-path', libraryPath, join(root, 'usr', 'bin', 'sipp')];
  const { TERM: _, ...env } = process.env;
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', ...command, ...options], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env,
  });
  await once(child, 'spawn');
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  return { process: child, said: () => said.trim() };
}

interface Channel {
  readonly id: string;
  readonly protocol_id: string;
}

interface Bridge {
  readonly id: string;
  readonly channels: readonly string[];
}

/** Looks until the caller's channel is in a bridge with another; both are then up. */
async function connection(
  server: Pick<AsteriskServer, 'url' | 'username' | 'password'>,
  callId: string,
  sipp: Sipp,
): Promise<Pick<SipCall, 'callerChannelId' | 'calleeChannelId' | 'bridgeId'>> {
  const deadline = performance.now() + CONNECT_TIMEOUT_MS;
  while (performance.now() < deadline && sipp.process.exitCode === null) {
    const channels = (await ask(server, 'GET', '/channels')) as readonly Channel[];
    const caller = channels.find(({ protocol_id }) => protocol_id === callId);
    if (caller !== undefined) {
      const bridges = (await ask(server, 'GET', '/bridges')) as readonly Bridge[];
      const bridge = bridges.find(({ channels: members }) => members.includes(caller.id));
      const callee = bridge?.channels.find((id) => id !== caller.id);
      if (bridge !== undefined && callee !== undefined) {
        return { callerChannelId: caller.id, calleeChannelId: callee, bridgeId: bridge.id };
      }
    }
    await delay(20);
  }
  throw new Error(`the SIP call was not connected: ${sipp.said() || 'sipp said nothing'}`);
}

/** The second SIGUSR1 makes sipp end its calls with BYE; signals that come together count as one, so it is repeated. */
async function quit(sipp: ChildProcess, ended: Promise<void>): Promise<void> {
  let running = true;
  const over = ended.then(() => {
    running = false;
  });
  while (running && sipp.exitCode === null && sipp.signalCode === null) {
    sipp.kill('SIGUSR1');
    await Promise.race([over, delay(50)]);
  }
  await over;
}
