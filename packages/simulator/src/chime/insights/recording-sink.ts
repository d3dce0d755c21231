import { held } from '../../clock/held.ts';
import type { ChimeEnvironment } from '../environment.ts';
import { AccessDenied, writeArtifact } from '../pipelines/artifact-writer.ts';
import { chunkStamp, keyIn, type Sink } from '../pipelines/sink.ts';
import type { KinesisData } from './kinesis-data.ts';
import type { KvsStream } from './kinesis-video.ts';
import { enhanced, recordingFile } from './recording-file.ts';

/** What S3RecordingSink is to write, and where. */
export interface RecordingOrder {
  readonly sink: Sink;
  readonly format: 'Wav' | 'Opus';
  readonly streams: readonly [KvsStream, KvsStream];
  /** Whether the streams keep their audio until the recording is made of it. */
  readonly retained: boolean;
  /** Key of the file below the bucket; undefined where the pipeline names the file after its call. */
  readonly named: boolean;
  readonly metadata: Readonly<Record<string, string>>;
  /** Of the Kinesis data stream; undefined without KinesisDataStreamSink. */
  readonly recordsTo: string | undefined;
}

interface Span {
  readonly from: number;
  readonly to: number;
}

/** Writes the recording of a pipeline and its enhanced copy, and tells Kinesis of both. */
export class RecordingSink {
  readonly #environment: ChimeEnvironment;
  readonly #kinesis: KinesisData;
  readonly #order: RecordingOrder;
  readonly #pipelineId: string;
  #channels: readonly [Int16Array, Int16Array] = [new Int16Array(0), new Int16Array(0)];
  #key = '';

  constructor(environment: ChimeEnvironment, kinesis: KinesisData, order: RecordingOrder, pipelineId: string) {
    this.#environment = environment;
    this.#kinesis = kinesis;
    this.#order = order;
    this.#pipelineId = pipelineId;
  }

  /** @returns whether the sink succeeded; a file that a fault withholds without failing the sink counts as written. */
  async write(span: Span): Promise<boolean> {
    const { streams, format } = this.#order;
    this.#key = this.#keyOf(span.from);
    const [left, right] = streams.map((stream) => stream.samples(span.from, span.to)) as [Int16Array, Int16Array];
    this.#channels = [left, right];
    return this.#put(this.#key, span, async () => recordingFile(this.#channels, format));
  }

  /** The enhanced copy, at 16 kHz, after {@link write}. */
  async writeEnhanced(span: Span): Promise<boolean> {
    const [left, right] = this.#channels;
    const key = this.#key.replace(/(\.\w+)?$/, '_enhanced$1');
    const make = async () => recordingFile([enhanced(left), enhanced(right)], this.#order.format, 16_000);
    return this.#put(key, span, make, 'VoiceEnhancement');
  }

  #keyOf(from: number): string {
    const { sink, metadata, named, format } = this.#order;
    const extension = format === 'Wav' ? 'wav' : 'ogg';
    if (named) return new RegExp(`\\.${extension}$`).test(sink.prefix) ? sink.prefix : `${sink.prefix}.${extension}`;
    const { voiceConnectorId = '', transactionId = this.#pipelineId } = metadata;
    return keyIn(sink, voiceConnectorId, `${transactionId}_${chunkStamp(from)}.${extension}`);
  }

  async #put(key: string, span: Span, make: () => Promise<Uint8Array>, subtype?: string): Promise<boolean> {
    const { clock } = this.#environment;
    const { sink, format } = this.#order;
    const kind = subtype === undefined ? 'insights-recording' : 'insights-enhanced';
    const bytes = await held(clock, make());
    try {
      const type = format === 'Wav' ? 'audio/wav' : 'audio/ogg';
      const there = await writeArtifact(this.#environment, { kind, bucket: sink.bucket, key, last: true }, bytes, type);
      if (there) this.#tell(key, span, subtype);
      return true;
    } catch (error) {
      if (error instanceof AccessDenied) return false;
      throw error;
    }
  }

  /** JSON in JSON in JSON, as the guide prints it. */
  #tell(key: string, { from, to }: Span, subtype: string | undefined): void {
    const { clock, region } = this.#environment;
    const { sink, metadata, recordsTo } = this.#order;
    if (recordsTo === undefined) return;
    const oneTimeMetadata = JSON.stringify({
      sipHeaders: JSON.stringify({ from: `<sip:${metadata['fromNumber'] ?? ''}>` }),
      siprecMetadata: '',
      siprecMetadataJson: '',
    });
    const seconds = (ms: number) => new Date(ms).toISOString();
    this.#kinesis.put(recordsTo, {
      time: new Date(clock.now()).toISOString(),
      'service-type': 'CallAnalytics',
      'detail-type': 'Recording',
      ...(subtype === undefined ? {} : { 'detail-subtype': subtype }),
      mediaInsightsPipelineId: this.#pipelineId,
      s3MediaObjectConsoleUrl: `https://${region}.console.aws.amazon.com/s3/object/${sink.bucket}?region=${region}&prefix=${encodeURIComponent(key)}`,
      recordingDurationSeconds: (to - from) / 1000,
      metadata: JSON.stringify({ ...metadata, startTime: seconds(from), endTime: seconds(to), oneTimeMetadata }),
    });
  }
}
