import { randomUUID } from 'node:crypto';
import {
  type CallNotice,
  type CallRef,
  type CommandToken,
  type DriverContext,
  type Json,
  type Outcome,
  type Output,
  type PartTarget,
  type Report,
  type StartPlan,
  systemClock,
  timestamp,
} from '@onrecord/core';
import type { AsteriskOptions } from '../config/options.ts';
import { type AsteriskDriver, asterisk } from '../driver.ts';
import type { AsteriskAccess, AsteriskSuite } from './server/index.ts';

export const mixedWav: Output = { media: 'audio', layout: 'mixed', container: 'wav' };

/** A server as a test uses it: raw requests beside a driver with an application of its own. */
export interface Scene extends AsyncDisposable {
  readonly suite: AsteriskSuite;
  readonly driver: AsteriskDriver;
  readonly app: string;
  readonly context: DriverContext;
  /** What the driver's listener heard so far. */
  readonly reports: readonly Report[];
  readonly calls: readonly CallNotice[];
  /** Sends any request, unguarded; the answer as it is. */
  ari(method: string, path: string, query?: Readonly<Record<string, string>>): Promise<Answer>;
  /** Connects the driver's listener, until the scene closes. */
  listen(): Promise<void>;
  /** A party that speaks a steady tone, in the scene's application. */
  party(toneHz?: number | 'silence'): Promise<string>;
  /** A bridge with these channels on it. */
  bridge(...channels: readonly string[]): Promise<string>;
  join(bridge: string, ...channels: readonly string[]): Promise<void>;
  hangUp(channel: string): Promise<void>;
  plan(call: CallRef, plan?: Partial<StartPlan>): StartPlan;
  start(call: CallRef, plan?: Partial<StartPlan>): Promise<PartTarget>;
  /** The part as the recorder keeps it after these reports. */
  known(part: PartTarget, ...more: readonly (Outcome | readonly Report[])[]): PartTarget;
  /** What asking shows, as one: later reports over earlier ones. */
  status(part: PartTarget): Promise<Report['seen']>;
  /** The bytes of a recording, as the server serves them. */
  file(name: string): Promise<Buffer>;
}

export interface Answer {
  readonly status: number;
  readonly json: Json;
}

export function openScene(
  server: AsteriskAccess & { readonly suite: AsteriskSuite },
  options: Partial<AsteriskOptions> = {},
): Scene {
  return new OpenScene(server, options);
}

class OpenScene implements Scene {
  readonly suite: AsteriskSuite;
  readonly driver: AsteriskDriver;
  readonly app: string = `test-${randomUUID().slice(0, 8)}`;
  readonly reports: Report[] = [];
  readonly calls: CallNotice[] = [];
  readonly context: DriverContext;
  readonly #access: AsteriskAccess;
  readonly #closing = new AbortController();
  readonly #channels = new Set<string>();
  readonly #bridges = new Set<string>();
  #listening: Promise<void> = Promise.resolve();

  constructor(server: AsteriskAccess & { readonly suite: AsteriskSuite }, options: Partial<AsteriskOptions>) {
    const { url, username, password, suite } = server;
    this.#access = server;
    this.suite = suite;
    this.context = { signal: this.#closing.signal, clock: systemClock };
    this.driver = asterisk({ url, username, password, app: this.app, server: suite, ...options });
  }

  async ari(method: string, path: string, query: Readonly<Record<string, string>> = {}): Promise<Answer> {
    const { url, username, password } = this.#access;
    const search = new URLSearchParams(query).toString();
    const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
    const response = await fetch(`${url}${path}${search === '' ? '' : `?${search}`}`, {
      method,
      headers: { authorization },
    });
    const text = await response.text();
    return { status: response.status, json: text === '' ? null : (JSON.parse(text) as Json) };
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const emit: Parameters<AsteriskDriver['doListen']>[0]['emit'] = async (parsed) => {
        this.reports.push(...parsed.reports);
        this.calls.push(...parsed.calls);
      };
      this.#listening = this.driver.doListen({ opened: resolve, emit }, this.context);
      this.#listening.catch(reject);
    });
  }

  async party(tone: number | 'silence' = 440): Promise<string> {
    const id = randomUUID();
    this.#channels.add(id);
    const query = { endpoint: `Local/${tone}@phone`, app: this.app, channelId: id };
    const { status, json } = await this.ari('POST', '/channels', query);
    if (status !== 200) throw new Error(`no party: ${JSON.stringify(json)}`);
    await until(async () => {
      const { json: channel } = await this.ari('GET', `/channels/${id}`);
      return JSON.stringify(channel).includes('"app_name":"Stasis"');
    });
    return id;
  }

  async bridge(...channels: readonly string[]): Promise<string> {
    const id = randomUUID();
    this.#bridges.add(id);
    await this.ari('POST', '/bridges', { type: 'mixing', bridgeId: id });
    if (channels.length > 0) await this.join(id, ...channels);
    return id;
  }

  async join(bridge: string, ...channels: readonly string[]): Promise<void> {
    const { status, json } = await this.ari('POST', `/bridges/${bridge}/addChannel`, { channel: channels.join(',') });
    if (status !== 204) throw new Error(`nobody joined: ${JSON.stringify(json)}`);
    await until(async () => {
      const { json: state } = await this.ari('GET', `/bridges/${bridge}`);
      return channels.every((channel) => JSON.stringify(state).includes(channel));
    });
  }

  async hangUp(channel: string): Promise<void> {
    await this.ari('DELETE', `/channels/${channel}`);
    await until(async () => (await this.ari('GET', `/channels/${channel}`)).status === 404);
  }

  plan(call: CallRef, plan: Partial<StartPlan> = {}): StartPlan {
    const sessionId = randomUUID();
    return {
      sessionId,
      partId: 'p1',
      correlation: `${sessionId}.p1`,
      call,
      output: mixedWav,
      startPaused: false,
      command: command(1),
      ...plan,
    };
  }

  async start(call: CallRef, plan: Partial<StartPlan> = {}): Promise<PartTarget> {
    const whole = this.plan(call, plan);
    return this.known(whole, await this.driver.doStart(whole, this.context));
  }

  known(part: PartTarget, ...more: readonly (Outcome | readonly Report[])[]): PartTarget {
    const { sessionId, partId, correlation, call, output, pauseEffect } = part;
    const outcomes = more.filter((one): one is Outcome => 'kind' in one);
    const told = more.flatMap((one) => ('kind' in one ? (one.reports ?? []) : one));
    const heard = this.reports.filter(({ subject }) => 'correlation' in subject && subject.correlation === correlation);
    const facts = Object.assign(
      {},
      part.facts,
      ...[...told, ...heard].map(({ seen }) => seen.facts),
    ) as PartTarget['facts'];
    const handle = outcomes.map((outcome) => outcome.handle).find((one) => one !== undefined) ?? part.handle;
    return { sessionId, partId, correlation, call, output, pauseEffect, handle, facts };
  }

  async status(part: PartTarget): Promise<Report['seen']> {
    const poll = { pollId: randomUUID(), asOfOrdinal: 1 };
    const reports = await this.driver.doStatus(this.known(part), poll, this.context);
    return Object.assign({}, ...reports.map(({ seen }) => seen)) as Report['seen'];
  }

  async file(name: string): Promise<Buffer> {
    const { url, username, password } = this.#access;
    const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
    const path = `${url}/recordings/stored/${encodeURIComponent(name)}/file`;
    const response = await fetch(path, { headers: { authorization } });
    if (!response.ok) throw new Error(`${name}: ${response.status} ${await response.text()}`);
    return Buffer.from(await response.arrayBuffer());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const bridge of this.#bridges) await this.ari('DELETE', `/bridges/${bridge}`).catch(() => {});
    for (const channel of this.#channels) await this.ari('DELETE', `/channels/${channel}`).catch(() => {});
    this.#closing.abort();
    await this.#listening.catch(() => {});
  }
}

export function command(ordinal: number): CommandToken {
  return { commandId: randomUUID(), ordinal, token: randomUUID(), firstSentAt: timestamp(systemClock.now()) };
}

/** Looks every 10 ms until it is so. @throws Error after 5 s. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (let look = 0; look < 500; look++) {
    if (await isSo()) return;
    await systemClock.delay(10);
  }
  throw new Error('it did not come about within 5 s');
}

/** Lets real time pass: media of a real server is made in no other. */
export function speak(ms: number): Promise<void> {
  return systemClock.delay(ms);
}

/** By how much a file may be longer than what was captured: a busy machine reads packets late. */
export const toleranceMs = 500;

/** Milliseconds of real time since it was made. */
export function stopwatch(): () => number {
  const begun = systemClock.monotonic();
  return () => systemClock.monotonic() - begun;
}

/** What a promise was rejected with. */
export async function rejection(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}
