/** One request that reached the simulator. Credentials are not kept. */
export interface AzureRequest {
  /** Wall time of the simulator's clock, epoch ms. */
  readonly at: number;
  /** `StartRecording`, `Play`, … as in the service's description; `DownloadContent`, `DownloadMetadata`, `DeleteContent`. */
  readonly operation: string;
  readonly method: string;
  /** Path and query as received. */
  readonly url: string;
  readonly host: string;
  /** Parsed, where it was JSON. */
  readonly body: unknown;
  /** Of the answer given; undefined when the connection was reset before the work. */
  readonly status: number | undefined;
  /** Sub-code of an error answer of the API. */
  readonly subCode: string | undefined;
  /** False when a fault kept the answer, or a part of it, from the client. */
  readonly delivered: boolean;
}
