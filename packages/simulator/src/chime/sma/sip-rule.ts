import { randomUUID } from 'node:crypto';
import type { FailoverOptions } from './route.ts';
import type { InboundCall, SipMediaApplication } from './sip-media-application.ts';
import type { SmaCall } from './sma-call.ts';

export interface SipRuleTarget {
  readonly application: SipMediaApplication;
  /** The lowest number is tried first. */
  readonly priority: number;
}

export interface SipRuleOptions extends FailoverOptions {
  /** @default a UUID */
  readonly id?: string | undefined;
}

/**
 * Hands inbound calls to SIP media applications of several regions: the next one is tried when the Lambda function of
 * the one before could not be invoked, its repetition included; when the last one fails too, the call ends.
 *
 * @example
 * ```ts
 * await using east = await startChime({ clock, s3, region: 'us-east-1' });
 * await using west = await startChime({ clock, s3, region: 'us-west-2' });
 * const rule = new SipRule([
 *   { application: east.sipMediaApplication(handler), priority: 1 },
 *   { application: west.sipMediaApplication(handler), priority: 2 },
 * ]);
 * const call = rule.placeInboundCall({ from: '+15550100', to: '+15550199' });
 * ```
 */
export class SipRule {
  readonly id: string;
  readonly #targets: readonly SipMediaApplication[];
  readonly #options: SipRuleOptions;

  /** @throws Error when two targets are in one region or have one priority: the service takes neither. */
  constructor(targets: readonly SipRuleTarget[], options: SipRuleOptions = {}) {
    const regions = targets.map(({ application }) => application.region);
    const priorities = targets.map(({ priority }) => priority);
    if (targets.length === 0) throw new Error('a SIP rule needs a target');
    if (new Set(regions).size < regions.length) {
      throw new Error(`the targets of a SIP rule are in different regions, not ${regions.join(', ')}`);
    }
    if (new Set(priorities).size < priorities.length) {
      throw new Error(`the targets of a SIP rule have different priorities, not ${priorities.join(', ')}`);
    }
    this.id = options.id ?? randomUUID();
    this.#targets = targets.toSorted((a, b) => a.priority - b.priority).map(({ application }) => application);
    this.#options = options;
  }

  /** Somebody dials the number of the rule. */
  placeInboundCall(inbound: InboundCall): SmaCall {
    const [first, ...others] = this.#targets;
    if (!first) throw new Error('unreachable: the rule has a target');
    return first.placeInboundCall(inbound, { sipRuleId: this.id, others, failover: this.#options });
  }
}
