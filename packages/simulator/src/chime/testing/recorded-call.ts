import type { SmaCall } from '../sma/sma-call.ts';
import type { SmaAction, SmaEvent } from '../sma/sma-event.ts';
import type { SmaOptions } from '../sma/sma-options.ts';
import { action, bridge, legA, openSmaScene, type SmaScene, startRecording } from './sma-scene.ts';

/** Caller and agent are bridged, and the caller's leg is recorded into `recordings/sessions/one`. */
export interface RecordedCall {
  readonly scene: SmaScene;
  readonly call: SmaCall;
  /** Asks the Lambda function, from outside, to answer with this recording action for the caller's leg. */
  ask(type: string): void;
  /** The first file, once it is there. */
  delivered(): Promise<Uint8Array>;
}

/**
 * @param more answers every event that the call itself has no use for.
 * @param parameters of StartCallRecording, over the usual ones.
 */
export async function openRecordedCall(
  more: (event: SmaEvent) => readonly SmaAction[] | undefined = () => undefined,
  sma: SmaOptions = {},
  parameters: Readonly<Record<string, unknown>> = {},
): Promise<RecordedCall> {
  const scene = await openSmaScene(
    (event) => {
      if (event.InvocationEventType === 'NEW_INBOUND_CALL') return [bridge()];
      if (event.ActionData?.Type === 'CallAndBridge') return [startRecording(event, parameters)];
      if (event.InvocationEventType !== 'CALL_UPDATE_REQUESTED') return more(event);
      const { Arguments } = event.ActionData!.Parameters as { Arguments: { do: string } };
      return [action(Arguments.do, { CallId: legA(event) })];
    },
    { sma },
  );
  const call = await scene.dial();
  await scene.clock.advance(2_000);
  return {
    scene,
    call,
    ask: (type) => void scene.application.updateCall(call.transactionId, { do: type }),
    delivered: () => delivered(scene),
  };
}

/** The first recording, ten seconds from now. */
export async function delivered({ clock, s3 }: SmaScene): Promise<Uint8Array> {
  await clock.advance(10_000);
  const [object] = s3.list('recordings');
  if (!object) throw new Error('no recording was delivered');
  return object.bytes;
}
