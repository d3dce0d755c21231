import type { DriverNotice } from '@onrecord/core';
import type { AzureProfile } from '../capabilities.ts';
import { type LifetimeNoticeId, lifetimeEntries } from './lifetime-notices.ts';
import { type LifetimePhase, phaseOf } from './lifetime-phase.ts';

/** What becomes of recording on a certain day, told as it stands now. */
export interface LifetimeNotice extends DriverNotice {
  readonly id: LifetimeNoticeId;
  /** `YYYY-MM-DD` */
  readonly on: string;
  readonly phase: LifetimePhase;
  readonly fix: string;
  readonly source: string;
}

/** Microsoft's page with the days; the message of each notice ends with it. */
const guide = 'https://learn.microsoft.com/azure/communication-services/acs-retirement-and-breaking-changes-guide';

/**
 * What Microsoft's retirement of standalone Communication Services means for a profile on a day. Wording changes twelve
 * and three months before each date, and once it has come. Nothing is refused because of it: only the service ends.
 * @param nowMs epoch ms.
 */
export function azureLifetime(nowMs: number, profile: AzureProfile): readonly LifetimeNotice[] {
  return lifetimeEntries
    .filter((entry) => entry.profile === profile)
    .map(({ id, on, message, fix }) => {
      const { phase, days } = phaseOf(on, nowMs);
      return { id, on, phase, message: `${message[phase](days)} (${guide})`, fix: fix[phase], source: guide };
    });
}
