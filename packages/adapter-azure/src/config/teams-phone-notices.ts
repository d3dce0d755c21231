import type { DriverNotice } from '@onrecord/core';
import { teamsPhonePages } from '../capabilities/teams-phone-pages.ts';

/** What a program under the profile `teams-phone` should know before its first call, whatever the day. */
export const teamsPhoneNotices: readonly DriverNotice[] = [
  {
    id: 'teams-phone.announcement',
    message:
      'Phone users hear an announcement of the service itself whenever a recording starts or pauses; no page documents ' +
      `a way to turn it off (${teamsPhonePages.faq}).`,
    fix: 'Expect it to be audible, and perhaps in the file; pause for sections, not for seconds.',
  },
  {
    id: 'teams-phone.file-event',
    message:
      'No page says that RecordingFileStatusUpdated comes for calls of Teams Phone, and where a file is, is told by it ' +
      `and in no other way (${teamsPhonePages.guide}).`,
    fix: 'Record one test call to its archived file before you rely on it; unknownUnder() lists all that is open.',
  },
];
