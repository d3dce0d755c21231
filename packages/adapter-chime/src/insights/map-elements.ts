import type { EndReason, Json, Seen } from '@onrecord/core';

/** The status of one element, from an event or from GetMediaPipeline. */
export interface ElementStatus {
  readonly type: string;
  readonly status: string;
  readonly detail?: string | undefined;
}

/** Processors that work while the call lasts: the recording is written when they are over. */
const transcribers = ['AmazonTranscribeProcessor', 'AmazonTranscribeCallAnalyticsProcessor'];
const recording = 'S3RecordingSink';
/** Events name it without `Sink`, the API with it. */
const enhancement = ['VoiceEnhancement', 'VoiceEnhancementSink'];

/**
 * What the elements of a pipeline show of the recording; undefined when none of them records. The fate of a recording is
 * that of its sink and of nothing else: a pipeline fails for good, too, when only its transcription or enhancement did.
 *
 * While something transcribes, the sink is `NotStarted`, although all that is in the streams will be recorded, pauses of
 * the pipeline included. When every transcriber stopped the call is over. When one failed, nobody says whether it is.
 */
export function seenInElements(elements: readonly ElementStatus[], failureReason?: string): Seen | undefined {
  const sink = elements.find(({ type }) => type === recording);
  if (!sink) return undefined;
  const better = elements.find(({ type }) => enhancement.includes(type));
  const facts: { [name: string]: Json } = { [recording]: sink.status };
  if (better) facts['enhancement'] = better.status;
  if (better?.detail !== undefined) facts['enhancementDetail'] = better.detail;
  if (failureReason !== undefined) facts['failureReason'] = failureReason;
  return { ...seenInSink(sink.status, elements, failureReason), facts };
}

function seenInSink(status: string, elements: readonly ElementStatus[], failureReason: string | undefined): Seen {
  const working = elements.filter(({ type }) => transcribers.includes(type)).map((element) => element.status);
  switch (status) {
    case 'Stopped':
      return over;
    case 'Failed':
    case 'NotSupported':
      return { ...over, endReason: reasonOfFailure(failureReason) };
    case 'InProgress':
      if (working.length === 0) return { capturing: true };
      return working.every((other) => other === 'Stopped') ? over : {};
    case 'NotStarted':
      return working.some((other) => ['InProgress', 'Paused', 'TemporarilyFailed'].includes(other))
        ? { capturing: true }
        : {};
    default:
      return {};
  }
}

/** A pipeline that is over, or not known any more, records nothing; whether there is a file is another question. */
export const over: Seen = { capturing: false, ended: true };

/**
 * Why a pipeline that failed for good recorded nothing; undefined where its sink had begun, which decides by itself. Of a
 * sink that is not told of nothing is known, unless nobody may write at all.
 *
 * @param sink status of the S3RecordingSink.
 */
export function reasonOfFailedPipeline(sink: unknown, failureReason: string | undefined): EndReason | undefined {
  if (sink !== undefined && sink !== 'NotStarted') return undefined;
  if (reasonOfFailure(failureReason) === 'permission-denied') return 'permission-denied';
  return sink === undefined ? 'unknown' : 'provider-error';
}

/** Why there is no file, as far as the service says. */
export function reasonOfFailure(failureReason: string | undefined): EndReason {
  return /access ?denied|not authorized/i.test(failureReason ?? '') ? 'permission-denied' : 'storage-error';
}
