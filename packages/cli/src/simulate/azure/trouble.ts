import { azureFaults, type SimulatedAzure } from '@onrecord/simulator';
import { z } from 'zod';
import { readBodyAs } from '../read-body-as.ts';

const count = z.number().int().min(0);
const seconds = z.number().int().min(0).max(86_400).optional();
const times = { times: z.number().int().min(1).optional(), skip: count.optional() };

/** Faults that the simulator knows by name. */
const named = z.discriminatedUnion('name', [
  z.strictObject({ name: z.literal('throttled'), retryAfterSeconds: seconds }),
  z.strictObject({ name: z.literal('throttledFile'), retryAfterSeconds: seconds }),
  z.strictObject({ name: z.literal('unavailableFile'), retryAfterSeconds: seconds }),
  z.strictObject({ name: z.literal('serverError') }),
  z.strictObject({ name: z.literal('htmlError') }),
  z.strictObject({ name: z.literal('emptyFile') }),
  z.strictObject({ name: z.literal('lostAnswer') }),
  z.strictObject({ name: z.literal('lostRequest') }),
  z.strictObject({ name: z.literal('droppedBody'), afterBytes: count }),
]);
const answer = z.strictObject({
  status: z.number().int().min(200).max(599),
  headers: z.record(z.string(), z.string()).optional(),
  body: z.string().optional(),
});
const fault = z.strictObject({ match: z.string().min(1).optional(), fault: z.union([named, answer]), ...times });

const eventFault = z.strictObject({
  match: z.string().min(1).optional(),
  fault: z.union([
    z.enum(['lost', 'duplicated', 'reversed']),
    z.strictObject({ delayMs: z.number().min(0).max(86_400_000) }),
  ]),
  ...times,
});

const failure = z.discriminatedUnion('next', [
  z.strictObject({
    next: z.enum(['start', 'play', 'call']),
    code: z.number().int().min(400).max(599),
    subCode: z.number().int().min(0),
    message: z.string().min(1).optional(),
  }),
  z.strictObject({
    next: z.literal('export'),
    status: z.number().int().min(400).max(599).optional(),
    code: z.string().min(1).optional(),
    skip: count.optional(),
  }),
]);

/** Lets a request go wrong. @throws HttpError 400 that lists everything wrong. */
export function planFault(azure: SimulatedAzure, text: string): void {
  const { fault: wanted, ...rule } = readBodyAs(fault, text);
  azure.faults.next({ ...rule, fault: 'name' in wanted ? byName(wanted) : wanted });
}

/**
 * Lets an event go wrong: a callback or one of Event Grid.
 * @param own webhooks of this command, whose events go right.
 * @throws HttpError 400
 */
export function planEventFault(azure: SimulatedAzure, text: string, own: readonly string[]): void {
  const { match, ...rule } = readBodyAs(eventFault, text);
  azure.eventFaults.next({
    ...rule,
    match: ({ type, url }) => (match === undefined || match === type) && !own.includes(url),
  });
}

/** Lets the next start, play, call or export be accepted and then fail. @throws HttpError 400 */
export function planFailure(azure: SimulatedAzure, text: string): void {
  const wanted = readBodyAs(failure, text);
  if (wanted.next === 'export') {
    const { status, code = 'AuthorizationPermissionMismatch', skip } = wanted;
    azure.failNextExport({ status: status ?? 403, code }, skip);
    return;
  }
  const { code, subCode, message = 'Action failed.' } = wanted;
  const told = { code, subCode, message };
  if (wanted.next === 'start') azure.failNextStart(told);
  else if (wanted.next === 'play') azure.failNextPlay(told);
  else azure.failNextCall(told);
}

function byName(wanted: z.infer<typeof named>): ReturnType<(typeof azureFaults)[keyof typeof azureFaults]> {
  switch (wanted.name) {
    case 'throttled':
    case 'throttledFile':
    case 'unavailableFile':
      return azureFaults[wanted.name](wanted.retryAfterSeconds);
    case 'droppedBody':
      return azureFaults.droppedBody(wanted.afterBytes);
    default:
      return azureFaults[wanted.name]();
  }
}
