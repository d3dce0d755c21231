import { listen } from '@onrecord/simulator';

/** An origin on which nothing listens any more. */
export async function closedOrigin(): Promise<string> {
  const endpoint = await listen(async () => {});
  await endpoint.close();
  return endpoint.origin;
}
