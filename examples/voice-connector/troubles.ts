import type { Trouble } from './simulated-account.ts';

/** What may happen to a call that records itself. */
export const troubles: readonly Trouble[] = [
  { name: 'well', story: 'Everything goes well', goWrong() {} },
  {
    name: 'events-lost',
    story: 'EventBridge loses every event, and Kinesis alone tells of the recording',
    goWrong(chime) {
      chime.eventBridge.faults.next({ fault: 'lost', times: 100 });
    },
  },
  {
    name: 'enhancement-failed',
    story: 'The enhancement fails, which the service calls a permanent failure of the pipeline',
    goWrong(chime) {
      chime.insightsFaults.next({ match: 'enhancement', fault: 'fails' });
    },
  },
  {
    name: 'not-created',
    story: 'The connector may not create its pipeline',
    goWrong(chime) {
      chime.insightsFaults.next({ match: 'create', fault: 'access-denied' });
    },
  },
  {
    name: 'file-lost',
    story: 'The service reports success, and the file never comes',
    goWrong(chime) {
      chime.deliveryFaults.next({ match: 'insights-recording', fault: 'never' });
      chime.deliveryFaults.next({ match: 'insights-enhanced', fault: 'never' });
    },
  },
];
