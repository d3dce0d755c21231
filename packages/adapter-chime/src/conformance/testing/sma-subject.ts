import type { Delivery, Interceptor, OpenOptions, RecordingSubject, Speaker } from '@onrecord/contract-kit';
import { createRecorder, defineFlow, type InboundRequest, memorySessionStore, type SessionStore } from '@onrecord/core';
import {
  SimulatedS3,
  type SipMediaApplication,
  type SmaOptions,
  startChime,
  tone,
  VirtualCall,
  VirtualClock,
} from '@onrecord/simulator';
import { chimeSma } from '../../index.ts';
import { chimeSmaCapabilities, createSmaHandler, type SmaEvent, type SmaLeg, smaLeg } from '../../sma/index.ts';
import { BUCKET, chimeRequests, handOn, landingIn, openArchive, requestLog, s3Requests } from './harness-parts.ts';

const CALLER = '+15550100';
const APPLICATION = '+15550199';
const AGENT = '+15550123';

export interface SmaSettings {
  /** @default 'chime-sma' */
  readonly name?: string | undefined;
  /** What the documentation of the service leaves open. */
  readonly service?: SmaOptions | undefined;
  /** Puts something between the function and the store: how broken functions are made. */
  readonly wrapStore?: ((store: SessionStore) => SessionStore) | undefined;
}

/**
 * Legs of a SIP media application as a subject of the recording suite. Commands travel as they do in production: the
 * recorder's process sends UpdateSipMediaApplicationCall, the Lambda function answers the invocation that follows, and
 * both share the store. The messages of the provider are the invocations.
 *
 */
export function smaSubject(settings: SmaSettings = {}): RecordingSubject {
  return {
    name: settings.name ?? 'chime-sma',
    facts: {
      capabilities: chimeSmaCapabilities,
      inbound: 'turns',
      authenticated: false,
      media: true,
      losesAnswers: true,
    },
    open: (options) => openSma(settings, options),
  };
}

async function openSma(
  { service, wrapStore = (store) => store }: SmaSettings,
  { wrap = (driver) => driver }: OpenOptions = {},
) {
  const clock = new VirtualClock();
  const s3 = await SimulatedS3.start({ clock, buckets: [BUCKET] });
  // A recording action takes its time, and the tone of a pause is none of the kit's own.
  const sma = { recordingActionMs: 400, pauseTone: { frequencyHz: 3_100 }, ...service };
  const chime = await startChime({ clock, s3, sma });
  const store = memorySessionStore();
  const { archive, read } = openArchive();
  const landing = landingIn(s3);
  const recorders: { close(): Promise<void> }[] = [];
  const legs = new Map<string, SmaLeg>();
  let interceptor: Interceptor | undefined;
  /** Makes the call flow answer differently each time: alike are only answers that were remembered. */
  let visits = 0;

  /** Every invocation meets a new instance of the function, which knows the store and the event and nothing else. */
  async function deliver({ body }: InboundRequest): Promise<Delivery> {
    const handler = createSmaHandler({
      store: wrapStore(store),
      clock,
      landing: { bucket: BUCKET, prefix: 'calls' },
      flow: defineFlow({}, {}),
      ivr: ({ InvocationEventType }) =>
        InvocationEventType === 'NEW_INBOUND_CALL'
          ? { before: [bridge], attributes: { visit: String(++visits) } }
          : undefined,
    });
    await clock.hold(handler.ready);
    return { taken: true, answer: await handler(JSON.parse(new TextDecoder().decode(body))) };
  }

  const application: SipMediaApplication = chime.sipMediaApplication(async (event: SmaEvent) => {
    legs.set(event.CallDetails.TransactionId, smaLeg(event, 'LEG-A'));
    const request: InboundRequest = {
      transport: 'lambda',
      headers: {},
      body: new TextEncoder().encode(JSON.stringify(event)),
    };
    const { taken, answer } = await (interceptor ?? handOn)(request, deliver);
    if (!taken) throw new Error('the function gave no answer');
    return answer;
  });
  chime.phone(AGENT, { name: 'other' });

  return {
    clock,
    store,
    async recorder() {
      const driver = chimeSma({ ...chime.clientConfig(), sipMediaApplicationId: application.id });
      const recorder = createRecorder(wrap(driver), {
        store,
        archive,
        clock,
        landing,
        instance: 'chime-sma',
      });
      recorders.push(recorder);
      return recorder;
    },
    async openCall() {
      const call = new VirtualCall(clock);
      const say = (speaker: Speaker, toneHz: number | undefined) => {
        call.leave(speaker);
        call.join({ name: speaker, ...(toneHz === undefined ? {} : { source: tone(toneHz) }) });
      };
      for (const speaker of ['reference', 'other'] as const) say(speaker, undefined);
      const placed = application.placeInboundCall({ from: CALLER, to: APPLICATION, call, name: 'reference' });
      await clock.advance(5_000);
      const ref = legs.get(placed.transactionId);
      if (!ref || placed.legs.some(({ status }) => status !== 'Connected')) throw new Error('the call was not bridged');
      return {
        ref,
        say,
        async end() {
          placed.hangUp('LEG-A');
          placed.hangUp('LEG-B');
          await placed.settled();
        },
      };
    },
    unknownCall: (): SmaLeg => {
      const [transactionId, callId] = [UNKNOWN, UNKNOWN];
      const data = { sipMediaApplicationId: application.id, transactionId, callId };
      return { kind: 'chime.sma-leg', provider: 'chime-sma', key: `${transactionId}/${callId}`, data };
    },
    requests: requestLog(
      chimeRequests(chime),
      // What an answer of the function tells the service to do reaches it as well as any request.
      () =>
        chime
          .invocations()
          .flatMap(({ answer }) => recordingActions(answer).map((name) => ({ name, kind: 'command' as const }))),
      s3Requests(s3),
    ),
    recordings: () => application.calls.flatMap((call) => call.legs).filter(({ recorded }) => recorded).length,
    intercept(next: Interceptor | undefined) {
      interceptor = next;
    },
    loseNextAnswer: () => chime.faults.next({ match: 'UpdateSipMediaApplicationCall', fault: 'drop-before-answer' }),
    read,
    async close() {
      for (const recorder of recorders) await recorder.close();
      await store.close();
      await landing.close();
      await chime.close();
      await s3.close();
      clock[Symbol.dispose]();
    },
  };
}

const UNKNOWN = '00000000-0000-4000-8000-000000000000';

const bridge = {
  Type: 'CallAndBridge',
  Parameters: {
    CallTimeoutSeconds: 30,
    CallerIdNumber: CALLER,
    Endpoints: [{ BridgeEndpointType: 'PSTN', Uri: AGENT }],
  },
};

/** The recording actions in an answer, by type. */
function recordingActions(answer: unknown): readonly string[] {
  const { Actions: actions = [] } = (answer ?? {}) as { readonly Actions?: readonly { readonly Type: string }[] };
  return actions.map(({ Type }) => Type).filter((type) => type.endsWith('CallRecording'));
}
