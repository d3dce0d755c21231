import { OnRecordError, type Output, sameOutput, unknownMembers } from '@onrecord/core';

/**
 * A message that a participant speaks, such as voicemail: RecordAudio in place of StartCallRecording. It ends by itself,
 * and what follows in the call waits for it. Every limit is sent, whatever the service takes an absent one for.
 */
export interface MessageOptions {
  /** Longest message: whole seconds from 1. Default 120. */
  readonly maxSeconds?: number | undefined;
  /** Silence that ends it: whole seconds, 1 to 1 000. Default 10. */
  readonly silenceSeconds?: number | undefined;
  /**
   * What counts as silence, 1 to 1 000: 1 is a quiet room (30 dB), 100 a whisper, 200 a crowded office (60 dB), 1 000 a
   * loud person. Default 200.
   */
  readonly silenceThreshold?: number | undefined;
  /** Keys that end it: one or more of 0-9, `*` and `#`. Default `['#']`. */
  readonly terminators?: readonly string[] | undefined;
  /**
   * What its file holds, which no document states: what the participant says, in one channel (`incoming`), or that and
   * what they hear in two (`separate`). Default `incoming`.
   */
  readonly layout?: 'incoming' | 'separate' | undefined;
}

/** `providerOptions` of a start on a SIP media application. */
export interface ChimeSmaStartOptions {
  readonly message?: MessageOptions | undefined;
}

export type Message = { readonly [Name in keyof MessageOptions]-?: NonNullable<MessageOptions[Name]> };

const defaults: Message = {
  maxSeconds: 120,
  silenceSeconds: 10,
  silenceThreshold: 200,
  terminators: ['#'],
  layout: 'incoming',
};

const upTo1000 = [(value: unknown) => within(value, 1_000), 'a whole number from 1 to 1000'] as const;

/** What each member must be (developer guide, "RecordAudio" and "Debugging unexpected failures"). */
const rules: { readonly [Name in keyof Message]: readonly [(value: unknown) => boolean, string] } = {
  maxSeconds: [(value) => within(value, Number.MAX_SAFE_INTEGER), 'a whole number of seconds above 0'],
  silenceSeconds: upTo1000,
  silenceThreshold: upTo1000,
  terminators: [isKeyList, 'a list of one or more of 0-9, * and #, each once'],
  layout: [(value) => value === 'incoming' || value === 'separate', 'incoming or separate'],
};

/**
 * The message that the options of a start ask for; undefined for a recording of the leg.
 * @throws OnRecordError `invalid-request` that lists every problem.
 */
export function messageOf(options: object | undefined): Message | undefined {
  const { message } = (options ?? {}) as { readonly message?: unknown };
  const problems = [...unknownMembers(options ?? {}, ['message'])];
  if (message !== undefined && !isObject(message)) problems.push({ path: 'message', message: 'Must be an object.' });
  const given = isObject(message) ? message : {};
  problems.push(...unknownMembers(given, Object.keys(rules), 'message'));
  for (const [name, [accepts, what]] of Object.entries(rules)) {
    const value = given[name];
    if (value === undefined || accepts(value)) continue;
    problems.push({ path: `message.${name}`, message: `Must be ${what}.` });
  }
  refuse(problems);
  return message === undefined ? undefined : { ...defaults, ...given };
}

/** The output of a message. */
export function outputOf({ layout }: Message): Output {
  return { media: 'audio', layout, container: 'wav' };
}

/**
 * Checks what else a start says.
 * @throws OnRecordError `invalid-request` that lists every problem.
 */
export function checkMessageStart(
  message: Message,
  start: { readonly output?: Output | undefined; readonly maxDurationMs?: number | undefined },
): void {
  const { output, maxDurationMs } = start;
  const { layout } = message;
  refuse([
    ...(output === undefined || sameOutput(output, outputOf(message))
      ? []
      : [{ path: 'output', message: `Must be audio/${layout}/wav, as message.layout says.` }]),
    ...(maxDurationMs === undefined
      ? []
      : [{ path: 'maxDurationMs', message: 'Is for recordings of the leg; a message has message.maxSeconds.' }]),
  ]);
}

/** Why a message is not paused. */
export function pauseOfMessage(session: string): OnRecordError {
  return new OnRecordError('unsupported', `Session ${session} is a message: RecordAudio cannot be paused or resumed.`, {
    remedy: 'Stop it, or record the leg instead.',
    context: { sessionId: session },
  });
}

function refuse(problems: readonly { readonly path: string; readonly message: string }[]): void {
  if (problems.length === 0) return;
  const lines = problems.map(({ path, message }) => `${path}: ${message}`);
  throw new OnRecordError('invalid-request', ['A recording cannot start like this.', ...lines].join('\n- '), {
    context: { problems: lines },
  });
}

function within(value: unknown, greatest: number): boolean {
  return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= greatest;
}

function isKeyList(value: unknown): boolean {
  if (!Array.isArray(value) || value.length === 0 || new Set(value).size < value.length) return false;
  return value.every((key) => typeof key === 'string' && /^[0-9*#]$/.test(key));
}

function isObject(value: unknown): value is { readonly [name: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
