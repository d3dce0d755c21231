import type { AzureNative } from '@onrecord/adapter-azure';
import { attempt, type Check } from '../check.ts';
import { nobody } from '../reach-provider.ts';
import type { AzureSetting } from './azure-setting.ts';

/**
 * Requests are signed with the time, and tokens of callbacks live five minutes: a clock that is further off has all of
 * them refused. How far the service lets a signature be off is not documented; others of Azure take fifteen minutes.
 */
const warnMs = 60_000;
const failMs = 300_000;

/** Compares our clock with the `Date` of an answer, whatever the answer is. */
export async function checkClock({ id, driver, clock, deadline }: AzureSetting): Promise<Check> {
  const checkId = `${id}.clock`;
  let offMs: number | undefined;
  const looked = await attempt(checkId, 'The clock', async () => {
    const { recording } = driver.native() as AzureNative;
    const asked = clock.now();
    await recording
      .getState(Buffer.from(nobody).toString('base64'), {
        abortSignal: deadline(),
        onResponse: ({ headers }) => {
          const date = Date.parse(headers.get('date') ?? '');
          // The service's second may have begun anywhere in it, and the answer was on its way for a while.
          if (!Number.isNaN(date)) offMs = date + 500 - (asked + clock.now()) / 2;
        },
      })
      .catch(() => undefined);
    return 'was asked';
  });
  if (looked.status === 'failed') return looked;
  if (offMs === undefined) {
    return { id: checkId, status: 'skipped', message: 'The service gave no time to compare the clock with.' };
  }
  const seconds = Math.round(Math.abs(offMs) / 1_000);
  if (Math.abs(offMs) < warnMs) {
    return { id: checkId, status: 'ok', message: `The clock differs by ${seconds} s from that of the service.` };
  }
  return {
    id: checkId,
    status: Math.abs(offMs) < failMs ? 'warning' : 'failed',
    message:
      `The clock of this machine is ${seconds} s ${offMs > 0 ? 'behind' : 'ahead of'} that of the service: requests are ` +
      'signed with the time, and the tokens of callbacks live five minutes.',
    fix: 'Synchronise the clock (NTP).',
  };
}
