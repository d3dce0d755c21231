import { describe, test } from 'vitest';
import { registerSuite } from '../register.ts';
import { toneSubject } from '../testing/tone-subject.ts';
import { recordingSuite } from './index.ts';

/** Cases that let no time pass of their own, with a worker that works beside them, as with a real server. */
const quick = [
  'REC-START-003',
  'REC-START-004',
  'REC-START-005',
  'REC-START-006',
  'REC-PAUSE-004',
  'REC-PAUSE-008',
  'REC-DISCARD-002',
  'REC-RESTART-004',
];
const profile = { layout: 'separate', pause: 'both', confirms: 'push', settleMs: 5, transport: 'socket' } as const;
const cases = recordingSuite.cases.filter(({ id }) => quick.includes(id));
registerSuite(
  { describe, test },
  { ...recordingSuite, cases },
  toneSubject('tone-real-time', profile, { realTime: true }),
  {
    concurrent: true,
  },
);
