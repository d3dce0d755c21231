import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { get } from 'node:https';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type Endpoint, listen, readBody, type SimulatedAzure, sendAnswer } from '@onrecord/simulator';
import { z } from 'zod';

/** Names go into paths: nothing else is taken. */
const name = z.string().regex(/^[\w-]{1,200}$/);
const events = z.array(
  z.object({
    eventType: z.string(),
    data: z.object({
      validationCode: z.string().optional(),
      recordingId: z.string().optional(),
      recordingFormatType: z.string().optional(),
      recordingStorageInfo: z
        .object({
          recordingChunks: z.array(
            z.object({
              documentId: name,
              contentLocation: z.url(),
              metadataLocation: z.url().optional(),
            }),
          ),
        })
        .optional(),
    }),
  }),
);
type Event = z.infer<typeof events>[number];

export interface FileCopies {
  /** Of the webhook that hears of files: an event to it must not go wrong. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Copies every file that the simulated service keeps itself to `<folder>/azure/<documentId>.<format>`, with its
 * metadata beside it, as soon as its event is sent. Files in a container of the user stay there.
 *
 * @param token opens the files; one of the simulator's `bearerTokens`.
 */
export async function copyAzureFiles(
  azure: SimulatedAzure,
  { folder, token, tell }: { readonly folder: string; readonly token: string; readonly tell: (line: string) => void },
): Promise<FileCopies> {
  const secret = randomUUID();
  const endpoint: Endpoint = await listen(async (request, response) => {
    if (request.url !== `/${secret}`) return sendAnswer(request, response, { status: 404 });
    const heard = events.safeParse(JSON.parse((await readBody(request)).toString('utf8')));
    const [first] = heard.data ?? [];
    const body = JSON.stringify({ validationResponse: first?.data.validationCode });
    sendAnswer(request, response, { status: 200, headers: { 'content-type': 'application/json' }, body });
    for (const event of heard.data ?? []) for (const each of filesOf(event)) copy(each);
  });
  const copy = ({ url, path }: { readonly url: string; readonly path: string }) => {
    const target = join(folder, 'azure', path);
    download(azure, url, token, target).then(
      () => tell(target),
      (error: unknown) => tell(`${target} could not be written: ${String(error)}`),
    );
  };
  const url = `${endpoint.origin}/${secret}`;
  const includedEventTypes = ['Microsoft.Communication.RecordingFileStatusUpdated'];
  await azure.subscribe({ url, name: 'onrecord-simulate', includedEventTypes });
  return { url, close: () => endpoint.close() };
}

function filesOf({ data }: Event): readonly { readonly url: string; readonly path: string }[] {
  const format = name.catch('bin').parse(data.recordingFormatType?.toLowerCase());
  const chunks = data.recordingStorageInfo?.recordingChunks ?? [];
  return chunks
    .filter(({ contentLocation }) => !new URL(contentLocation).hostname.endsWith('.blob.core.windows.net'))
    .flatMap(({ documentId, contentLocation, metadataLocation }) => [
      { url: contentLocation, path: `${documentId}.${format}` },
      ...(metadataLocation === undefined ? [] : [{ url: metadataLocation, path: `${documentId}.json` }]),
    ]);
}

async function download(azure: SimulatedAzure, url: string, token: string, path: string): Promise<void> {
  await mkdir(join(path, '..'), { recursive: true });
  const response = await new Promise<import('node:http').IncomingMessage>((resolve, reject) => {
    get(url, { agent: azure.agent(), headers: { authorization: `Bearer ${token}` } }, resolve).on('error', reject);
  });
  if (response.statusCode !== 200) {
    response.resume();
    throw new Error(`the storage host answered ${response.statusCode}`);
  }
  try {
    await pipeline(response, createWriteStream(path));
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
}
