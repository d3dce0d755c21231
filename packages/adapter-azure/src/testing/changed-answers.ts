import type { AzureOptions } from '../config/options.ts';
import type { Scene } from './scene.ts';

type Policies = NonNullable<NonNullable<AzureOptions['client']>['additionalPolicies']>;
type Policy = Policies[number]['policy'];
export type ServiceAnswer = Awaited<ReturnType<Policy['sendRequest']>>;

/** Options of a client that gets the service's answers to starts as `change` makes them, when `change` is done. */
export function changedStarts(
  scene: Scene,
  change: (answer: ServiceAnswer) => ServiceAnswer | Promise<ServiceAnswer>,
): Partial<AzureOptions> {
  const policy: Policy = {
    name: 'changed-starts',
    async sendRequest(request, next) {
      const answer = await next(request);
      const start = request.method === 'POST' && new URL(request.url).pathname === '/calling/recordings';
      return start ? change(answer) : answer;
    },
  };
  return { client: { agent: scene.azure.agent(), additionalPolicies: [{ policy, position: 'perRetry' }] } };
}

/** A start answered 202 without the id of the recording, which only the callback brings. */
export function withoutRecordingId(answer: ServiceAnswer): ServiceAnswer {
  return answer.status < 300 ? { ...answer, status: 202, bodyAsText: '{}' } : answer;
}
