import type { IncomingMessage } from 'node:http';
import { type Answer, BodyTooLargeError, type Endpoint, listen, readBody, sendAnswer } from '@onrecord/simulator';
import { voiceOfWav } from './audio.ts';
import { azureParticipant } from './azure/azure-call-request.ts';
import type { AzureControl } from './azure/azure-control.ts';
import { readCallRequest, readPressRequest } from './call-request.ts';
import type { Calls } from './calls.ts';
import { HttpError } from './http-error.ts';
import { readBodyAs } from './read-body-as.ts';

/** Of a WAV file sent with a request: over an hour at 8 kHz. */
const bodyLimit = 64 * 1024 * 1024;

const phoneNumber = /^\+?[1-9]\d{1,14}$/;

/**
 * The server that places calls, on this machine only:
 *
 * - `GET /environment`, `GET /calls`, `GET /calls/{id}`
 * - `POST /calls` with JSON, or with a WAV file and `?from=…&to=…`
 * - `POST /calls/{id}/keys`, `DELETE /calls/{id}`
 * - `POST /calls/{id}/participants`, `DELETE /calls/{id}/participants/{name}`, `POST /calls/{id}/hang-up`: of Azure
 * - `GET /azure`, `POST /azure/voices`, `POST /azure/hang-up`, and troubles by `POST /azure/faults`, `/azure/event-faults`, `/azure/failures`; `DELETE /azure/faults`
 *
 * Requests from web pages are refused, so that no page that is open on this machine can place a call.
 */
export function startControlServer(
  calls: Calls,
  azure: AzureControl,
  port: number,
  environment: () => Readonly<Record<string, string>>,
): Promise<Endpoint> {
  return listen(
    async (request, response) => {
      sendAnswer(request, response, await answer(request, calls, azure, environment).catch(failure));
    },
    { port },
  );
}

async function answer(
  request: IncomingMessage,
  calls: Calls,
  azure: AzureControl,
  environment: () => Readonly<Record<string, string>>,
): Promise<Answer> {
  if (request.headers.origin !== undefined) throw new HttpError(403, 'Requests from web pages are refused.');
  if (!/^(127\.0\.0\.1|localhost)(:\d+)?$/.test(request.headers.host ?? '')) {
    throw new HttpError(403, 'This server answers to 127.0.0.1 and localhost only.');
  }
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1');
  const [collection, id, part, name, ...rest] = pathname.split('/').slice(1).map(decoded);
  const places = [collection, id && '{id}', part, name && '{name}'].filter((place) => place !== undefined);
  const route = `${request.method} /${places.join('/')}`;
  if (rest.length > 0) throw notFound(request);
  if (collection === 'azure' && part === undefined) {
    const told = await azure.answer(`${request.method} /${id ?? ''}`, () => text(request));
    if (told === undefined) throw notFound(request);
    return json(200, told);
  }
  switch (route) {
    case 'GET /environment':
      return json(200, environment());
    case 'GET /calls':
      return json(200, { calls: calls.list() });
    case 'POST /calls':
      return json(201, await place(request, searchParams, calls));
    case 'GET /calls/{id}':
      return json(200, calls.get(id ?? ''));
    case 'DELETE /calls/{id}':
      return json(200, calls.hangUp(id ?? ''));
    case 'POST /calls/{id}/participants':
      return json(200, await calls.join(id ?? '', readBodyAs(azureParticipant, await text(request))));
    case 'DELETE /calls/{id}/participants/{name}':
      return json(200, calls.leave(id ?? '', name ?? ''));
    case 'POST /calls/{id}/hang-up':
      return json(200, calls.disconnect(id ?? ''));
    case 'POST /calls/{id}/keys':
      return json(200, await calls.press(id ?? '', readPressRequest(await text(request))));
    default:
      throw notFound(request);
  }
}

async function place(request: IncomingMessage, parameters: URLSearchParams, calls: Calls) {
  const type = request.headers['content-type']?.split(';')[0]?.trim();
  if (type === 'application/json') return calls.place(readCallRequest(await text(request)));
  if (type === 'audio/wav' || type === 'audio/x-wav') {
    const { from = '+15550100', to = '+15550199' } = Object.fromEntries(parameters);
    if (!phoneNumber.test(from) || !phoneNumber.test(to)) throw new HttpError(400, 'from and to are phone numbers.');
    return calls.placeSpoken(spoken(await readBody(request, bodyLimit)), from, to);
  }
  throw new HttpError(415, 'Send application/json, or a WAV file as audio/wav.');
}

function spoken(bytes: Uint8Array) {
  try {
    return voiceOfWav(bytes);
  } catch (error) {
    throw new HttpError(400, error instanceof Error ? error.message : String(error));
  }
}

async function text(request: IncomingMessage): Promise<string> {
  return (await readBody(request, bodyLimit)).toString('utf8');
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new HttpError(400, `${segment} is no segment of a URL.`);
  }
}

function notFound({ method, url }: IncomingMessage): HttpError {
  return new HttpError(
    404,
    `There is no ${method} ${url}. There are GET /environment, GET and POST /calls, GET and DELETE /calls/{id}, ` +
      'POST /calls/{id}/keys, POST /calls/{id}/participants, DELETE /calls/{id}/participants/{name}, ' +
      'POST /calls/{id}/hang-up, GET /azure, POST /azure/voices and /azure/hang-up, POST and DELETE /azure/faults, ' +
      'POST /azure/event-faults and /azure/failures.',
  );
}

function json(status: number, body: object): Answer {
  return { status, headers: { 'content-type': 'application/json' }, body: `${JSON.stringify(body, null, 2)}\n` };
}

function failure(error: unknown): Answer {
  if (error instanceof HttpError) return json(error.status, { error: error.message });
  if (error instanceof BodyTooLargeError) return json(413, { error: error.message });
  throw error;
}
