import { randomUUID } from 'node:crypto';
import type { ChimeEnvironment } from '../environment.ts';

/** A batch of records as Kinesis hands them to a Lambda function. */
export interface KinesisEvent {
  readonly Records: readonly {
    readonly eventSource: 'aws:kinesis';
    readonly eventName: 'aws:kinesis:record';
    readonly eventVersion: '1.0';
    readonly eventID: string;
    readonly eventSourceARN: string;
    readonly awsRegion: string;
    readonly kinesis: {
      readonly kinesisSchemaVersion: '1.0';
      readonly partitionKey: string;
      readonly sequenceNumber: string;
      /** Base64 of the record. */
      readonly data: string;
      /** Seconds since the epoch. */
      readonly approximateArrivalTimestamp: number;
    };
  }[];
}

type Listener = (event: KinesisEvent) => unknown;

/** The Kinesis data streams that sinks write to. Every record is a batch of its own, at least once. */
export class KinesisData {
  readonly #environment: ChimeEnvironment;
  readonly #listeners = new Set<Listener>();
  readonly #records: object[] = [];

  constructor(environment: ChimeEnvironment) {
    this.#environment = environment;
  }

  /** Hands batches to a function; what it throws or rejects with is dropped. Returns the way to stop. */
  onRecords(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Every record put so far, as it was before its encoding. */
  records(): readonly object[] {
    return [...this.#records];
  }

  put(streamArn: string, record: object): void {
    const { clock, region, closing } = this.#environment;
    if (closing.aborted) return;
    this.#records.push(record);
    const sequenceNumber = `4964${String(this.#records.length).padStart(52, '0')}`;
    const event: KinesisEvent = {
      Records: [
        {
          eventSource: 'aws:kinesis',
          eventName: 'aws:kinesis:record',
          eventVersion: '1.0',
          eventID: `shardId-000000000000:${sequenceNumber}`,
          eventSourceARN: streamArn,
          awsRegion: region,
          kinesis: {
            kinesisSchemaVersion: '1.0',
            partitionKey: randomUUID(),
            sequenceNumber,
            data: Buffer.from(JSON.stringify(record)).toString('base64'),
            approximateArrivalTimestamp: clock.now() / 1000,
          },
        },
      ],
    };
    for (const listener of this.#listeners) {
      Promise.resolve()
        .then(() => listener(event))
        .catch(() => {});
    }
  }
}
