/** Lists of a busy server are long; anything beyond this is no answer of ARI. */
const limitBytes = 32 * 1024 * 1024;

/** The body as text. @throws Error past 32 MiB. */
export async function readText({ body }: Response): Promise<string> {
  if (!body) return '';
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    if (bytes > limitBytes) throw new Error(`answer longer than ${limitBytes} bytes`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
