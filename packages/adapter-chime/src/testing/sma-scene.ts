import {
  type CallNotice,
  defineFlow,
  type Logger,
  memorySessionStore,
  type SessionRecord,
  type SessionStore,
} from '@onrecord/core';
import {
  type ChimeOptions,
  type SimulatedChime,
  SimulatedS3,
  type SipMediaApplication,
  startChime,
  tone,
  VirtualClock,
} from '@onrecord/simulator';
import {
  createSmaHandler,
  type SmaAction,
  type SmaEvent,
  type SmaHandlerOptions,
  type SmaResponse,
  type SmaTurn,
} from '../sma/index.ts';

export const CALLER = '+15550100';
export const APPLICATION = '+15550199';
export const AGENT = '+15550123';
export const CALLER_HZ = 440;
export const AGENT_HZ = 1_000;

/** A line that the handler logged. */
export interface LogLine {
  readonly level: 'warn' | 'error';
  readonly message: string;
  readonly fields: object;
}

export type OnCall = (notice: CallNotice, turn: SmaTurn) => void | Promise<void>;

/** A SIP media application whose Lambda function hosts a flow, in front of a simulated Chime SDK. */
export interface SmaScene extends AsyncDisposable {
  readonly clock: VirtualClock;
  readonly s3: SimulatedS3;
  readonly chime: SimulatedChime;
  readonly application: SipMediaApplication;
  readonly store: SessionStore;
  readonly notices: CallNotice[];
  readonly logs: LogLine[];
  /** Each answer of the handler, with its event; repeated invocations are listed again. */
  readonly turns: { readonly event: SmaEvent; readonly answer: SmaResponse }[];
  /** Replaces the process of the function: the next invocation finds nothing in memory. */
  restart(): Promise<void>;
  /** Invokes the function directly. */
  invoke(event: SmaEvent): Promise<SmaResponse>;
  dial(): ReturnType<SipMediaApplication['placeInboundCall']>;
  /** Everything in flight settles; then so much virtual time passes. */
  pass(ms: number): Promise<void>;
  records(): Promise<readonly SessionRecord[]>;
}

export interface SceneOptions extends Partial<Omit<SmaHandlerOptions, 'flow' | 'store'>> {
  readonly onCall?: OnCall | undefined;
  readonly chime?: Partial<ChimeOptions> | undefined;
  readonly store?: SessionStore | undefined;
  /** What the function gets in place of an event: the documentation prints several forms. */
  readonly printed?: ((event: SmaEvent) => SmaEvent) | undefined;
}

export async function openSmaScene(options: SceneOptions = {}): Promise<SmaScene> {
  const { onCall, chime: chimeOptions, store = memorySessionStore(), printed, ...handlerOptions } = options;
  const clock = new VirtualClock();
  const s3 = await SimulatedS3.start({ clock, buckets: ['recordings'] });
  const chime = await startChime({ clock, s3, ...chimeOptions });
  const notices: CallNotice[] = [];
  const logs: LogLine[] = [];
  const turns: { event: SmaEvent; answer: SmaResponse }[] = [];
  const flow = defineFlow(
    { announce: 'required', pause: 'required' },
    {
      async onCall(notice, turn) {
        notices.push(notice);
        await onCall?.(notice, turn);
      },
    },
  );
  const make = () =>
    createSmaHandler({
      landing: { bucket: 'recordings', prefix: 'calls' },
      deployment: 'test',
      clock,
      logger: loggerInto(logs),
      ...handlerOptions,
      store,
      flow,
    });
  let handler = make();
  await handler.ready;
  const application = chime.sipMediaApplication(async (sent) => {
    const event = printed?.(sent) ?? sent;
    const answer = await handler(event);
    turns.push({ event, answer });
    return answer;
  });
  chime.phone(AGENT, { name: 'agent', source: tone(AGENT_HZ) });
  return {
    clock,
    s3,
    chime,
    application,
    store,
    notices,
    logs,
    turns,
    invoke: (event) => handler(event),
    restart: async () => {
      handler = make();
      await handler.ready;
    },
    dial: () => application.placeInboundCall({ from: CALLER, to: APPLICATION, source: tone(CALLER_HZ) }),
    pass: (ms) => clock.advance(ms),
    records: async () => {
      const records: SessionRecord[] = [];
      for (const id of await store.list()) {
        const record = await store.load(id);
        if (record) records.push(record);
      }
      return records;
    },
    [Symbol.asyncDispose]: async () => {
      await chime.close();
      await s3.close();
      clock[Symbol.dispose]();
    },
  };
}

function loggerInto(lines: LogLine[]): Logger {
  return {
    debug: () => {},
    info: () => {},
    warn: (fields, message) => void lines.push({ level: 'warn', fields, message }),
    error: (fields, message) => void lines.push({ level: 'error', fields, message }),
  };
}

/** The types of an answer's actions; undefined where the answer has none. */
export function actionsOf(answer: SmaResponse): readonly string[] | undefined {
  return answer.Actions?.map(({ Type }) => Type);
}

/** What was invoked and what was answered, in one line each. */
export function story(scene: Pick<SmaScene, 'turns'>): readonly string[] {
  return scene.turns.map(({ event, answer }) => {
    const subject = event.ActionData?.Type ? ` ${event.ActionData.Type}` : '';
    return `${event.InvocationEventType}${subject} → ${actionsOf(answer)?.join(' ') ?? '-'}`;
  });
}

export function bridge(): SmaAction {
  return {
    Type: 'CallAndBridge',
    Parameters: {
      CallTimeoutSeconds: 30,
      CallerIdNumber: CALLER,
      Endpoints: [{ BridgeEndpointType: 'PSTN', Uri: AGENT }],
    },
  };
}

export function speak(event: SmaEvent, Text: string): SmaAction {
  return { Type: 'Speak', Parameters: { CallId: event.CallDetails.Participants[0]!.CallId, Text } };
}

/** Arms the keypad of LEG-A: each key is reported by itself. */
export function receiveDigits(event: SmaEvent): SmaAction {
  return {
    Type: 'ReceiveDigits',
    Parameters: {
      CallId: event.CallDetails.Participants[0]!.CallId,
      InputDigitsRegex: '^\\d$',
      InBetweenDigitsDurationInMilliseconds: 1_000,
      FlushDigitsDurationInMilliseconds: 10_000,
    },
  };
}

/** The flow that most programs have: announce, then record. */
export const announceThenRecord: OnCall = (notice, turn) => {
  if (notice.type === 'call.connected' && !notice.answered) turn.announce({ text: 'This call is recorded.' });
  if (notice.type === 'call.announced') turn.start({ consent: { basis: 'announced', noticeId: notice.noticeId } });
};
