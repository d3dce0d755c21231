import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '@onrecord/core';
import { type Answer, type FaultScript, readBody } from '../../http/index.ts';
import type { Calls } from '../call/calls.ts';
import type { Switchboard } from '../call/switchboard.ts';
import type { Recordings } from '../recording/recordings.ts';
import { answerCallShape, connectShape, createCallShape } from '../schema/call-shapes.ts';
import { playShape } from '../schema/play-shape.ts';
import { isRecord, type ObjectShape, shapeProblems } from '../schema/shape.ts';
import { startRecordingProblem } from '../schema/start-recording-problem.ts';
import { startRecordingShape } from '../schema/start-recording-shape.ts';
import { ApiError, apiErrorAnswer, invalid } from './api-error.ts';
import { type ApiOperation, type ApiRoute, apiRoute, repeatableOperations } from './api-routes.ts';
import type { Authentication } from './authentication.ts';
import type { AzureRequest } from './journal.ts';
import type { Repeatability } from './repeatability.ts';

/** Stable API versions (directory listing of the service's descriptions) and previews, whose list is not known. */
const API_VERSION =
  /^(2023-03-06|2023-10-15|2024-04-15|2024-09-15|2025-05-15|2025-06-15|2026-03-12|\d{4}-\d\d-\d\d-preview)$/;

/** Bodies by operation; others send none. */
const bodies: Partial<Record<ApiOperation, ObjectShape>> = {
  StartRecording: startRecordingShape,
  CreateCall: createCallShape,
  AnswerCall: answerCallShape,
  Connect: connectShape,
  Play: playShape,
};

/** Fields that must be https URLs. */
const callbackFields = ['recordingStateCallbackUri', 'operationCallbackUri', 'callbackUri'];

/** Fields that are not journalled: who has one can answer the call. */
const SECRET_FIELDS = ['incomingCallContext'];

export interface ApiHandlerOptions {
  readonly clock: Clock;
  readonly faults: FaultScript;
  readonly authentication: Authentication;
  readonly repeatability: Repeatability;
  readonly recordings: Recordings;
  readonly calls: Calls;
  readonly switchboard: Switchboard;
  readonly allowHttpCallbacks: boolean;
  readonly journal: (entry: AzureRequest) => void;
}

/** Serves the Call Automation API: routing, credentials, versions, bodies, and the operation itself. */
export class ApiHandler {
  readonly #options: ApiHandlerOptions;

  constructor(options: ApiHandlerOptions) {
    this.#options = options;
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url = '/' } = request;
    const { pathname } = new URL(url, 'https://localhost');
    const route = apiRoute(method, pathname);
    const operation = route?.operation ?? 'unknown';
    const { clock, faults, journal } = this.#options;
    let body: Buffer | undefined;
    const outcome = await faults.run(operation, request, response, async () => {
      body = await readBody(request);
      return this.#decorated(request, this.#answer(request, route, body));
    });
    const host = request.headers.host ?? '';
    const { answer, delivered } = outcome;
    const entry = { at: clock.now(), operation, method, url, host, status: answer?.status, delivered };
    journal({ ...entry, body: withoutSecrets(parsed(body)), subCode: subCodeOf(answer) });
  }

  #answer(request: IncomingMessage, route: ApiRoute | undefined, body: Buffer): Answer {
    try {
      if (!route) return apiErrorAnswer(501, 'NotSimulated', `${request.method} ${request.url} is not simulated.`);
      this.#options.authentication.checkApi(request, body);
      checkVersion(request);
      const checked = this.#checkedBody(route.operation, body);
      const work = (): Answer => this.#do(route, checked);
      if (!repeatableOperations.has(route.operation)) return work();
      return this.#options.repeatability.answer(route.operation, request.headers, body, work);
    } catch (error) {
      if (error instanceof ApiError) return apiErrorAnswer(error.status, error.subCode, error.message);
      throw error;
    }
  }

  #do(route: ApiRoute, body: Readonly<Record<string, unknown>>): Answer {
    const { recordings, calls, switchboard } = this.#options;
    const { id } = route;
    const operations: Record<ApiOperation, () => Answer> = {
      StartRecording: () => recordings.start(body),
      GetRecordingProperties: () => recordings.get(id),
      StopRecording: () => recordings.stop(id),
      PauseRecording: () => recordings.pause(id),
      ResumeRecording: () => recordings.resume(id),
      CreateCall: () => switchboard.create(body),
      AnswerCall: () => switchboard.answer(body),
      Connect: () => switchboard.connect(body),
      GetCall: () => calls.get(id),
      HangupCall: () => calls.hangUp(id),
      TerminateCall: () => calls.terminate(id),
      GetParticipants: () => calls.participants(id),
      GetParticipant: () => calls.participant(id, route.participant),
      Play: () => calls.play(id, body),
      CancelAllMediaOperations: () => calls.cancelAllMedia(id),
    };
    return operations[route.operation]();
  }

  /** @throws ApiError 400/8523 naming the first field that is wrong. */
  #checkedBody(operation: ApiOperation, body: Buffer): Readonly<Record<string, unknown>> {
    const shape = bodies[operation];
    if (!shape) return {};
    const value = parsed(body);
    const [problem] = shapeProblems(shape, value);
    if (problem !== undefined || !isRecord(value)) throw invalid(problem ?? 'The request body must be a JSON object.');
    const further = operation === 'StartRecording' ? startRecordingProblem(value) : undefined;
    if (further !== undefined) throw invalid(further);
    for (const field of callbackFields) {
      const url = value[field];
      if (typeof url === 'string' && !isCallbackUrl(url, this.#options.allowHttpCallbacks)) {
        throw invalid('The field CallbackUri is invalid');
      }
    }
    return value;
  }

  /** Headers seen on every answer of the real API. */
  #decorated(request: IncomingMessage, answer: Answer): Answer {
    const clientRequestId = request.headers['x-ms-client-request-id'];
    const headers = {
      ...answer.headers,
      ...(typeof clientRequestId === 'string' && { 'x-ms-client-request-id': clientRequestId }),
      'x-microsoft-skype-chain-id': randomUUID(),
      'x-azure-ref': Buffer.from(randomUUID()).toString('base64'),
      'x-cache': 'CONFIG_NOCACHE',
    };
    return { ...answer, headers };
  }
}

/** https, or http on this machine where that is allowed. */
export function isCallbackUrl(url: string, allowHttp: boolean): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol } = new URL(url);
  return protocol === 'https:' || (allowHttp && protocol === 'http:');
}

/** Codes as in the Azure REST API guidelines; the service's own were not found. */
function checkVersion(request: IncomingMessage): void {
  const version = new URL(request.url ?? '/', 'https://localhost').searchParams.get('api-version');
  if (!version) {
    throw new ApiError(400, 'MissingApiVersionParameter', 'The api-version query parameter is required.');
  }
  if (!API_VERSION.test(version)) {
    throw new ApiError(400, 'UnsupportedApiVersionValue', `The api-version ${version} is not supported.`);
  }
}

function parsed(body: Buffer | undefined): unknown {
  if (!body || body.length === 0) return undefined;
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

function withoutSecrets(body: unknown): unknown {
  if (!isRecord(body)) return body;
  return Object.fromEntries(Object.entries(body).filter(([name]) => !SECRET_FIELDS.includes(name)));
}

function subCodeOf(answer: Answer | undefined): string | undefined {
  if (!answer || answer.status < 400 || typeof answer.body !== 'string') return undefined;
  const body = parsed(Buffer.from(answer.body));
  const error = isRecord(body) ? body['error'] : undefined;
  return isRecord(error) && typeof error['code'] === 'string' ? error['code'] : undefined;
}
