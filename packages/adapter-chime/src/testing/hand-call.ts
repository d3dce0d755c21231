import { type CallNotice, defineFlow, memorySessionStore, type SessionRecord, type SessionStore } from '@onrecord/core';
import {
  createSmaHandler,
  type SmaActionData,
  type SmaCallDetails,
  type SmaEvent,
  type SmaHandlerOptions,
  type SmaParticipant,
  type SmaResponse,
} from '../sma/index.ts';
import type { LogLine, OnCall } from './sma-scene.ts';

export const legA: SmaParticipant = {
  CallId: '72cbec69-f098-45d8-9ad6-e26cb9af663a',
  ParticipantTag: 'LEG-A',
  From: '+15550100',
  To: '+15550199',
  Direction: 'Inbound',
  Status: 'Connected',
};

/** A call whose events a test writes by hand, with what the service hands on between them. */
export interface HandCall {
  readonly store: SessionStore;
  /** Of the first process. */
  readonly ready: Promise<void>;
  readonly notices: CallNotice[];
  readonly logs: LogLine[];
  /** May be changed between events. */
  details: SmaCallDetails;
  /** Sends the next event, and keeps the attributes of the answer unless the service refused it. */
  send(event: Partial<Omit<SmaEvent, 'CallDetails' | 'Sequence'>>, refused?: 'refused'): Promise<SmaResponse>;
  /** The success of an action, by default of the last that was answered. */
  succeed(data?: Partial<SmaActionData>, refused?: 'refused'): Promise<SmaResponse>;
  /** Another process of the function: nothing in memory. */
  restart(options?: Partial<SmaHandlerOptions>): void;
  records(): Promise<readonly SessionRecord[]>;
}

export function handCall(
  options: Partial<Omit<SmaHandlerOptions, 'flow'>> & {
    readonly onCall?: OnCall | undefined;
    /** Where records are looked up, with a store that is loaded. */
    readonly shows?: SessionStore | undefined;
  } = {},
): HandCall {
  const { onCall, store = memorySessionStore(), shows, ...rest } = options;
  const notices: CallNotice[] = [];
  const logs: LogLine[] = [];
  const flow = defineFlow(
    { announce: 'required', pause: 'required' },
    {
      async onCall(notice, turn) {
        notices.push(notice);
        await onCall?.(notice, turn);
      },
    },
  );
  const make = (changed: Partial<SmaHandlerOptions> = {}) =>
    createSmaHandler({
      landing: { bucket: 'recordings', prefix: 'calls' },
      deployment: 'test',
      logger: {
        debug: () => {},
        info: () => {},
        warn: (fields, message) => void logs.push({ level: 'warn', fields, message }),
        error: (fields, message) => void logs.push({ level: 'error', fields, message }),
      },
      ...rest,
      store,
      flow,
      ...changed,
    });
  let handler = make();
  let sequence = 0;
  let last: SmaResponse = { SchemaVersion: '1.0' };
  const call: HandCall = {
    store: shows ?? (typeof store === 'function' ? memorySessionStore() : store),
    ready: handler.ready,
    notices,
    logs,
    details: {
      TransactionId: 'b0f1e5a4-3c43-4a2b-8a5e-5d0e4c2f8a11',
      AwsAccountId: '111122223333',
      AwsRegion: 'us-east-1',
      SipMediaApplicationId: 'feb37a7e-0000-4000-8000-000000000000',
      Participants: [legA],
    },
    async send(event, refused) {
      sequence += 1;
      const whole = { SchemaVersion: '1.0', Sequence: sequence, CallDetails: call.details, ...event };
      const answer = await handler(JSON.parse(JSON.stringify(whole)) as SmaEvent);
      if (answer.Actions && answer.Actions.length > 0) last = answer;
      if (refused) return answer;
      if (answer.TransactionAttributes) {
        call.details = { ...call.details, TransactionAttributes: answer.TransactionAttributes };
      }
      return answer;
    },
    succeed: (data = {}, refused) =>
      call.send(
        {
          InvocationEventType: 'ACTION_SUCCESSFUL',
          ActionData: { ...(last.Actions?.at(-1) ?? { Type: '' }), ...data } as SmaActionData,
        },
        refused,
      ),
    restart: (changed) => {
      handler = make(changed);
    },
    async records() {
      const records = await Promise.all((await call.store.list()).map((id) => call.store.load(id)));
      return records.filter((record) => record !== undefined);
    },
  };
  return call;
}
