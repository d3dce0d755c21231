import { createHash, timingSafeEqual } from 'node:crypto';
import { type InboundRequest, OnRecordError, reveal, type Secret } from '@onrecord/core';
import { type Problem, problemsOf, type Rules } from '../options/problem.ts';
import { matching, secrets } from '../options/rules.ts';

/** What an EventBridge API destination sends with each event. Several secrets while one is being replaced. */
export interface EventSecretOptions {
  /** Name of the header. Default `x-onrecord-key`. */
  readonly header?: string | undefined;
  readonly secret: string | Secret | readonly (string | Secret)[];
}

/** The options with their defaults filled in; without secrets nothing comes in over HTTP. */
export interface EventSecrets {
  /** In lower case. */
  readonly eventHeader: string;
  readonly eventSecrets: readonly string[];
}

const rules: Rules = {
  header: { rule: matching(/^[A-Za-z0-9-]+$/, 'the name of a header') },
  secret: { required: true, rule: secrets },
};

/** Everything wrong with the member `events` of a driver's options, whatever it holds. */
export function eventSecretProblems(options: unknown): readonly Problem[] {
  const { events } = (options ?? {}) as { readonly events?: unknown };
  if (typeof events !== 'object' || events === null) return [];
  return problemsOf(events, rules).map(({ path, message }) => ({ path: `events.${path}`, message }));
}

export function resolveEventSecrets(events: EventSecretOptions | undefined): EventSecrets {
  const given = events?.secret ?? [];
  return {
    eventHeader: (events?.header ?? 'x-onrecord-key').toLowerCase(),
    eventSecrets: (Array.isArray(given) ? given : [given]).map(reveal),
  };
}

/**
 * Lets an event in that came over HTTP with the secret of the API destination's connection. Queues and Lambda
 * invocations are admitted by their own policies.
 * @throws OnRecordError `signature-invalid` for everything else, also when no secret is configured.
 */
export function checkEventSecret(request: InboundRequest, config: EventSecrets): void {
  if (request.transport === 'queue' || request.transport === 'lambda') return;
  const given = request.headers[config.eventHeader];
  const digest = digestOf(typeof given === 'string' ? given : '');
  const known = config.eventSecrets.map((secret) => timingSafeEqual(digestOf(secret), digest));
  if (typeof given === 'string' && known.includes(true)) return;
  throw new OnRecordError('signature-invalid', `An event came without the right ${config.eventHeader}.`, {
    remedy:
      config.eventSecrets.length === 0
        ? 'Configure events.secret, and the same key in the connection of the API destination.'
        : 'Give the connection of the API destination the header and key of events.',
  });
}

/** Equal lengths, as the comparison in constant time needs them. */
function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
