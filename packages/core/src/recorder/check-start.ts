import type { Announcement } from '../call/announcement.ts';
import type { CallRef } from '../call/call-ref.ts';
import { type Capabilities, type PauseEffect, pauseEffectOf } from '../capabilities/capabilities.ts';
import type { DriverLacks, StartWish } from '../driver/driver.ts';
import { OnRecordError } from '../errors/index.ts';
import type { TurnStart } from '../flow/flow.ts';
import { formatOutput, type Output, sameOutput } from '../format/output.ts';
import type { JsonObject } from '../json.ts';
import type { SessionRecord } from '../session/record.ts';
import { isOver } from './settled.ts';

/** What may be started is decided here, for recorders and turns alike. */
export interface StartRules {
  readonly instance: string;
  /** The driver's, and the emulations that are on. */
  readonly capabilities: Capabilities;
  /** Taken when the request names none. */
  readonly output: Output;
  /** Taken when the request names none. Default: the first of the capabilities. */
  readonly pauseEffect?: PauseEffect | undefined;
  /** The driver's sentences about what it lacks. */
  readonly lacks?: DriverLacks | undefined;
  /** The driver's own look at its options. */
  readonly checkOptions?: ((options: JsonObject) => void) | undefined;
}

/** A start that may be sent; members that were left out have their defaults, and all of it is JSON. */
export interface CheckedStart {
  readonly call: CallRef;
  readonly output: Output;
  readonly startPaused: boolean;
  /** Absent where nothing can pause. */
  readonly pauseEffect?: PauseEffect | undefined;
  readonly labels: { readonly [name: string]: string };
  readonly consent?: TurnStart['consent'];
  readonly maxDurationMs?: number | undefined;
  readonly providerOptions?: JsonObject | undefined;
}

const maxLabels = 16;

/**
 * Checks a start against the capabilities, before anything is written or sent.
 * @throws OnRecordError `unsupported` for what the provider cannot, `invalid-request` for what nobody can.
 */
export function checkStart(rules: StartRules, call: CallRef, request: TurnStart): CheckedStart {
  const { capabilities, instance } = rules;
  const reference = checkCall(rules, call);
  const output = request.output ?? rules.output;
  if (!capabilities.outputs.some((offered) => sameOutput(offered, output))) {
    throw unsupported(instance, `does not record ${formatOutput(output)}`, {
      remedy: `Offered are ${capabilities.outputs.map(formatOutput).join(', ')}.`,
      why: why(rules, { output }),
    });
  }
  if (request.startPaused && (capabilities.pause === false || !capabilities.pause.startPaused)) {
    throw unsupported(instance, 'cannot start paused', { why: why(rules, { startPaused: true }) });
  }
  const pauseEffect = checkEffect(rules, request.pauseEffect);
  checkLabels(request.labels);
  checkDuration(rules, request.maxDurationMs);
  checkConsent(rules, reference, request);
  const { consent, maxDurationMs } = request;
  const providerOptions =
    request.providerOptions === undefined ? undefined : asJson('providerOptions', request.providerOptions);
  if (providerOptions) rules.checkOptions?.(providerOptions);
  return {
    call: reference,
    output: { media: output.media, layout: output.layout, container: output.container },
    startPaused: request.startPaused ?? false,
    ...(pauseEffect === undefined ? {} : { pauseEffect }),
    labels: { ...request.labels },
    ...(consent === undefined ? {} : { consent: { basis: consent.basis, noticeId: consent.noticeId } }),
    ...(maxDurationMs === undefined ? {} : { maxDurationMs }),
    ...(providerOptions === undefined ? {} : { providerOptions }),
  };
}

/**
 * What is left of the provider's starts on this call.
 * @throws OnRecordError `already-exists` with the id of the open session; `unsupported` past the provider's total.
 */
export function checkRoom(
  { capabilities: { starts }, instance }: Omit<StartRules, 'output'>,
  call: CallRef,
  sessions: readonly SessionRecord[],
  options: {
    /** The start names an idempotency key of its own; without one a second start is taken for the first, repeated. */
    readonly ownKey: boolean;
    /** Starts that are under way and not among `sessions` yet. */
    readonly started?: number | undefined;
  },
): void {
  const { ownKey, started = 0 } = options;
  const open = sessions.filter((record) => !isOver(record));
  const atOnce = !ownKey ? 1 : starts.concurrent === 'unlimited' ? Number.POSITIVE_INFINITY : starts.concurrent;
  if (open.length + started >= atOnce) {
    throw new OnRecordError('already-exists', `The call ${call.key} is being recorded already.`, {
      remedy: 'Attach to its session.',
      context: { sessionId: open[0]?.id, provider: instance },
    });
  }
  const used = sessions.filter(({ commands }) => commands[0]?.refused === undefined).length + started;
  if (starts.total !== 'unlimited' && used >= starts.total) {
    throw unsupported(instance, `starts at most ${starts.total} recording(s) per ${starts.scope}`);
  }
}

/** The call as this instance knows it, with a copy of its data. */
export function checkCall(rules: Omit<StartRules, 'output'>, call: CallRef): CallRef {
  const { capabilities, instance } = rules;
  if (!capabilities.calls.includes(call.kind)) {
    throw unsupported(instance, `does not record calls of the kind ${call.kind}`, {
      remedy: `Recorded are ${capabilities.calls.join(', ')}.`,
      why: why(rules, { call: call.kind }),
    });
  }
  if (typeof call.key !== 'string' || call.key === '') {
    throw new OnRecordError('invalid-request', 'The call has no key, so it cannot be told from others.', {
      remedy: "Make call references with the adapter's own functions.",
    });
  }
  return { ...call, provider: instance, data: asJson('call.data', call.data) };
}

/** Whether an announcement can be played on this call. */
export function canAnnounce(capabilities: Capabilities, call: Pick<CallRef, 'kind'>): boolean {
  return capabilities.announce !== false && capabilities.announce.on.includes(call.kind);
}

/** @throws OnRecordError `unsupported` for a call or a source on which the provider cannot announce. */
export function checkAnnouncement(
  { capabilities, instance, lacks }: Omit<StartRules, 'output'>,
  call: CallRef,
  announcement: Announcement,
): void {
  if (capabilities.announce === false || !canAnnounce(capabilities, call)) {
    throw unsupported(instance, `cannot announce on calls of the kind ${call.kind}`, {
      ...(lacks?.announce === undefined ? {} : { remedy: lacks.announce }),
    });
  }
  const source = 'text' in announcement ? 'text' : 'ssml' in announcement ? 'ssml' : 'file';
  if (!capabilities.announce.sources.includes(source)) {
    throw unsupported(instance, `cannot announce from ${source}`, {
      remedy: `It can from ${capabilities.announce.sources.join(', ')}.`,
    });
  }
}

function checkEffect(
  { capabilities, instance, pauseEffect }: StartRules,
  asked: PauseEffect | undefined,
): PauseEffect | undefined {
  const offered = capabilities.pause === false ? [] : capabilities.pause.effects;
  if (asked === undefined || offered.includes(asked)) return asked ?? pauseEffect ?? pauseEffectOf(capabilities);
  throw unsupported(instance, `has no pause with the effect ${asked}`, {
    remedy: offered.length === 0 ? 'It cannot pause.' : `Its pauses have the effect ${offered.join(' or ')}.`,
  });
}

function checkLabels(labels: TurnStart['labels']): void {
  if (Object.keys(labels ?? {}).length > maxLabels) {
    throw new OnRecordError('invalid-request', `A session takes at most ${maxLabels} labels.`);
  }
  if (Object.values(labels ?? {}).some((value) => typeof value !== 'string')) {
    throw new OnRecordError('invalid-request', 'Labels are strings.');
  }
}

function checkDuration({ capabilities, instance }: StartRules, maxDurationMs: number | undefined): void {
  if (maxDurationMs === undefined) return;
  if (!Number.isInteger(maxDurationMs) || maxDurationMs <= 0) {
    throw new OnRecordError('invalid-request', 'maxDurationMs is a positive whole number of milliseconds.');
  }
  if (capabilities.maxDurationMs !== undefined && maxDurationMs > capabilities.maxDurationMs) {
    throw unsupported(instance, `records at most ${capabilities.maxDurationMs} ms`);
  }
}

/** Where the provider can announce, the flow decides; where it cannot, the application has to vouch. */
function checkConsent({ capabilities, instance }: StartRules, call: CallRef, { consent }: TurnStart): void {
  if (consent && (typeof consent.noticeId !== 'string' || consent.noticeId === '')) {
    throw new OnRecordError('invalid-request', 'Consent names the notice that was given: noticeId is empty.');
  }
  if (canAnnounce(capabilities, call)) return;
  const played = consent?.basis === 'announced' && capabilities.announce === false;
  if (consent && !played) return;
  throw new OnRecordError(
    'invalid-request',
    `The provider instance "${instance}" cannot announce on calls of the kind ${call.kind}, so somebody else must have.`,
    {
      remedy: "Pass consent: { basis: 'application', noticeId } with the id of the notice that your application gave.",
      context: { provider: instance, kind: call.kind },
    },
  );
}

function asJson(name: string, value: JsonObject): JsonObject {
  try {
    return JSON.parse(JSON.stringify(value)) as JsonObject;
  } catch (cause) {
    throw new OnRecordError('invalid-request', `${name} must be JSON, since it is stored with the session.`, { cause });
  }
}

function why({ lacks }: Pick<StartRules, 'lacks'>, wish: StartWish): string | undefined {
  return lacks?.start?.(wish);
}

function unsupported(
  instance: string,
  what: string,
  { why, ...options }: { readonly remedy?: string; readonly why?: string | undefined } = {},
): OnRecordError {
  const reason = why === undefined ? '' : ` ${why}`;
  return new OnRecordError('unsupported', `The provider instance "${instance}" ${what}.${reason}`, {
    ...options,
    context: { provider: instance },
  });
}
