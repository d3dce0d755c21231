import type { Command } from '../commands/command.ts';
import type { Report } from '../report/report.ts';
import type { Precision } from '../session/snapshot.ts';
import { instant } from './clock-order.ts';

/** When something took effect, on our clock, and how well that is known. */
export interface Moment {
  readonly at: string;
  readonly precision: Precision;
}

/** When our request can have reached the provider at the earliest. */
export function sentAt(command: Command): string {
  return command.firstSentAt ?? command.recordedAt;
}

/**
 * When a proven command took effect. It lies between our sending and our receiving, whatever the provider's clock
 * says: a time within is taken as it is, a time outside (skew) is moved to the nearer end. A read-back without time
 * proves that it happened, not when: then our request is the best we know.
 */
export function momentOf(command: Command, proof: Report | undefined): Moment {
  const earliest = sentAt(command);
  if (!proof) return { at: command.acceptedAt ?? earliest, precision: 'requested' };
  const latest = proof.receivedAt < earliest ? earliest : proof.receivedAt;
  const told = proof.clock.domain === 'none' ? undefined : instant(proof.clock.at);
  if (told === undefined) {
    if (proof.via !== 'poll') return { at: latest, precision: 'confirmed' };
    return { at: command.acceptedAt ?? earliest, precision: 'requested' };
  }
  if (told < earliest) return { at: earliest, precision: 'requested' };
  return { at: told > latest ? latest : told, precision: 'confirmed' };
}

/** When an observation was made that no command caused: at the latest when we got it. */
export function observedAt(report: Report): string {
  const told = report.clock.domain === 'none' ? undefined : instant(report.clock.at);
  return told === undefined || told > report.receivedAt ? report.receivedAt : told;
}
