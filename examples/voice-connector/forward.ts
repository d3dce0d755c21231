/** Where the recordings are taken, and the key that lets messages in. */
export interface Destination {
  readonly url: string;
  readonly secret: string;
}

/** Answers after which the same batch will never be taken: it makes no sense, is too long or too old. */
const refusedForGood = [400, 413];

/**
 * A Lambda function for the Kinesis data stream: hands a batch on as it came. A batch that is not taken is tried again by
 * Kinesis, so nothing may be swallowed here, but what is refused for good: it would hold up its shard for as long as
 * the stream keeps it.
 */
export function forwardTo(
  { url, secret }: Destination,
  refused: (status: number) => void = (status) => console.error(`A batch of records was refused: ${status}`),
): (event: object) => Promise<void> {
  return async (event) => {
    const headers = { 'content-type': 'application/json', 'x-onrecord-key': secret };
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(event) });
    if (response.ok) return;
    if (refusedForGood.includes(response.status)) return refused(response.status);
    throw new Error(`The records were not taken: ${response.status}`);
  };
}
