import type { CallRef } from '../call/call-ref.ts';
import type { MediaExpectation } from '../report/report.ts';

/** What must exist, where and by when: written before the start command leaves, revised by facts. */
export interface Expectation {
  readonly partId: string;
  readonly call: CallRef;
  /** Absent until the provider names a place; the expectation stands all the same. */
  readonly media?: MediaExpectation | undefined;
  /** RFC 3339: not there by then is `late`, and `missing` once storage and provider deny it. */
  readonly by?: string | undefined;
  /** Confirmed capture time, once the part ended. */
  readonly minDurationMs?: number | undefined;
  /** `none`: refused, discarded or never resumed, so nothing is expected any more. */
  readonly state: 'expected' | 'none' | 'met';
  readonly missingSince?: string | undefined;
}
