import { z } from 'zod';
import { attempt, type Check } from '../check.ts';
import { type AzureSetting, sectionOf } from './azure-setting.ts';
import { readText } from './read-text.ts';

const defaultKeys = 'https://acscallautomation.communication.azure.com/calling/keys';

/** How callbacks and events come in, and by what they are believed. */
export async function* checkWebhooks(setting: AzureSetting): AsyncGenerator<Check> {
  yield callback(setting);
  yield await tokenKeys(setting);
  yield eventGrid(setting);
}

function callback({ id, options, publicUrl }: AzureSetting): Check {
  const checkId = `${id}.callback`;
  const { callbackUrl } = options;
  if (typeof callbackUrl !== 'string') {
    return {
      id: checkId,
      status: 'warning',
      message: 'Without callbackUrl states are learnt by asking alone, and announcements are confirmed by nobody.',
      fix: 'Give callbackUrl, a public https address of this program, and callbackSecret.',
    };
  }
  const url = new URL(callbackUrl);
  if (url.protocol !== 'https:') {
    return {
      id: checkId,
      status: 'warning',
      message: `callbackUrl begins with ${url.protocol}//, which a simulator takes and Azure refuses.`,
      fix: 'Give an https address, and leave out allowInsecureLoopback.',
    };
  }
  if (publicUrl !== undefined && new URL(publicUrl).origin !== url.origin) {
    return {
      id: checkId,
      status: 'warning',
      message: `callbackUrl is on ${url.origin} and publicUrl on ${new URL(publicUrl).origin}: callbacks are proven by the URL that they come to.`,
      fix: 'Give both the same origin, unless a proxy stands between them that keeps the path and query.',
    };
  }
  return { id: checkId, status: 'ok', message: `Callbacks go to ${url.origin}${url.pathname}.` };
}

const keySet = z.object({ keys: z.array(z.object({ kty: z.string(), kid: z.string().optional() })).min(1) });

async function tokenKeys({ id, options, deadline }: AzureSetting): Promise<Check> {
  const checkId = `${id}.keys`;
  if (options['jwt'] === undefined) {
    return {
      id: checkId,
      status: 'skipped',
      message: 'Without jwt callbacks are believed by the signature in their URL alone, so no keys are needed.',
      fix: "Give jwt: { audience }, the immutable resource id, to have the service's own tokens checked.",
    };
  }
  const { jwksUrl = defaultKeys } = sectionOf(options, 'jwt');
  const url = new URL(String(jwksUrl));
  return attempt(checkId, `The keys of callback tokens at ${url.origin}${url.pathname}`, async () => {
    const text = await readText(url, { connect: sectionOf(options, 'connect'), signal: deadline() });
    const { success, data } = keySet.safeParse(json(text));
    if (!success) throw new Error('The answer is no set of keys (JWKS).');
    const usable = data.keys.filter(({ kty }) => kty === 'RSA').length;
    if (usable === 0) throw new Error('There is no RSA key in the set; tokens are signed with RS256.');
    return `The keys of callback tokens can be fetched: ${usable} of ${data.keys.length} sign with RSA.`;
  });
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function eventGrid({ id, options, publicUrl }: AzureSetting): Check {
  const checkId = `${id}.event-grid`;
  const { secret, queue } = sectionOf(options, 'eventGrid');
  if (secret === undefined && queue === true) {
    return {
      id: checkId,
      status: 'skipped',
      message: 'File events are taken from a queue; whether a subscription fills it was not looked at.',
      fix: 'Subscribe Microsoft.Communication.RecordingFileStatusUpdated to it, with dead-lettering.',
    };
  }
  if (secret === undefined) {
    return {
      id: checkId,
      status: 'failed',
      message: 'There is no eventGrid.secret, so nobody tells where files are, and each is deleted after 24 hours.',
      fix: 'Give eventGrid: { secret }, and end the URL of the subscription in ?secret=…',
    };
  }
  return {
    id: checkId,
    status: 'skipped',
    message: 'A secret for Event Grid is there; whether a subscription uses it was not looked at.',
    fix:
      'Subscribe Microsoft.Communication.RecordingFileStatusUpdated, with dead-lettering, to the ingest address ' +
      `${publicUrl === undefined ? 'of this program' : `under ${publicUrl}`}, ending in ?secret=…`,
  };
}
