import { readWav } from '@onrecord/core/media';
import { clip, tone } from '../../call/virtual-call.ts';
import type { SmaCall } from '../sma/sma-call.ts';
import type { SmaAction, SmaEvent } from '../sma/sma-event.ts';
import type { SmaOptions } from '../sma/sma-options.ts';
import { APPLICATION, action, CALLER, CALLER_HZ, legA, openSmaScene, type SmaScene } from './sma-scene.ts';

export const MESSAGES = { Type: 'S3', BucketName: 'recordings', Prefix: 'messages' };

/** At most ten seconds, ended by three seconds of silence or by #. */
export function recordAudio(event: SmaEvent, more: Readonly<Record<string, unknown>> = {}): SmaAction {
  return action('RecordAudio', {
    CallId: legA(event),
    DurationInSeconds: '10',
    SilenceDurationInSeconds: 3,
    SilenceThreshold: 100,
    RecordingTerminators: ['#'],
    RecordingDestination: MESSAGES,
    ...more,
  });
}

export interface LeftMessage {
  readonly scene: SmaScene;
  readonly call: SmaCall;
}

export interface LeavingMessage {
  /** Over the usual ones. */
  readonly parameters?: Readonly<Record<string, unknown>> | undefined;
  readonly sma?: SmaOptions | undefined;
  /** The caller says a tone for so long, then nothing; ms. @default without end */
  readonly talkMs?: number | undefined;
  /** Answers CALL_UPDATE_REQUESTED. */
  readonly update?: ((event: SmaEvent) => readonly SmaAction[]) | undefined;
}

/** A call that is answered with RecordAudio. */
export async function leaveMessage(message: LeavingMessage = {}): Promise<LeftMessage> {
  const scene = await openSmaScene(
    (event) => {
      if (event.InvocationEventType === 'NEW_INBOUND_CALL') return [recordAudio(event, message.parameters)];
      return event.InvocationEventType === 'CALL_UPDATE_REQUESTED' ? message.update?.(event) : undefined;
    },
    { sma: message.sma },
  );
  const said = tone(CALLER_HZ);
  const source =
    message.talkMs === undefined
      ? said
      : clip(Int16Array.from({ length: message.talkMs * 8 }, (_, index) => said(index)));
  const call = scene.application.placeInboundCall({ from: CALLER, to: APPLICATION, source });
  await scene.clock.idle();
  return { scene, call };
}

/** Length of the first message, ms. */
export function messageMs({ s3 }: SmaScene): number {
  const [object] = s3.list('recordings', 'messages');
  if (!object) throw new Error('there is no message');
  const { channels, sampleRate } = readWav(object.bytes);
  return ((channels[0]?.length ?? 0) * 1_000) / sampleRate;
}
