import { createHash, timingSafeEqual } from 'node:crypto';
import { type InboundRequest, OnRecordError } from '@onrecord/core';
import type { ChimeMeetingConfig } from './config.ts';

/**
 * Lets an event in that came over HTTP with the secret of the API destination's connection. Queues and Lambda
 * invocations are admitted by their own policies.
 * @throws OnRecordError `signature-invalid` for everything else, also when no secret is configured.
 */
export function checkEventSecret(request: InboundRequest, config: ChimeMeetingConfig): void {
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
