import { unknownUnder } from '@onrecord/adapter-azure';
import type { Check } from '../check.ts';
import type { AzureSetting } from './azure-setting.ts';
import { checkClock } from './check-clock.ts';
import { checkOwnContainer } from './check-own-container.ts';
import { checkWebhooks } from './check-webhooks.ts';

/** What only Azure needs: a clock that is right, webhooks that are believed, a container that is looked into. */
export async function* checkAzure(setting: AzureSetting): AsyncGenerator<Check> {
  yield await checkClock(setting);
  yield* checkWebhooks(setting);
  yield* checkOwnContainer(setting);
  yield speech(setting);
  yield* unknowns(setting);
}

function speech({ id }: AzureSetting): Check {
  return {
    id: `${id}.speech`,
    status: 'skipped',
    message: 'Whether texts can be spoken shows on a call only, and was not looked at; files are played without it.',
    fix:
      'Place, answer or connect calls with cognitiveServicesEndpoint (later is too late), and give the managed identity ' +
      'of the Communication Services resource the role Cognitive Services User there.',
  };
}

function* unknowns({ id, profile, options }: AzureSetting): Generator<Check> {
  const attempted: unknown = options['attempt'];
  for (const { what, handling, why, source } of unknownUnder(profile)) {
    const sent = Array.isArray(attempted) && attempted.includes(what);
    const message = `${what} is not documented under ${profile}. ${why} (${source})`;
    if (sent) {
      yield { id: `${id}.unknown.${what}`, status: 'warning', message: `${message} It is attempted all the same.` };
    } else {
      const fix = handling === 'refused' ? `It is refused unless attempt names '${what}'.` : undefined;
      yield { id: `${id}.unknown.${what}`, status: 'skipped', message, fix };
    }
  }
}
