import type { PauseEffect } from '@onrecord/core';
import type { Applicability, Case } from '../case.ts';
import type { RecordingFacts, RecordingHarness } from './harness.ts';

export type RecordingCase = Case<RecordingHarness, RecordingFacts>;

type Condition = (facts: RecordingFacts) => Applicability;

/** Applies where every condition holds; the first that does not is the reason. */
export function where(...conditions: readonly Condition[]): Condition {
  return (facts) => {
    for (const condition of conditions) {
      const applies = condition(facts);
      if (applies !== 'yes') return applies;
    }
    return 'yes';
  };
}

export const pauses: Condition = ({ capabilities }) =>
  capabilities.pause ? 'yes' : { not: 'the provider cannot pause and no emulation is on' };

export const cannotPause: Condition = ({ capabilities }) =>
  capabilities.pause ? { not: 'the provider can pause' } : 'yes';

export const discards: Condition = ({ capabilities }) =>
  capabilities.discard ? 'yes' : { not: 'the provider cannot discard' };

export const cannotDiscard: Condition = ({ capabilities }) =>
  capabilities.discard ? { not: 'the provider can discard' } : 'yes';

export const startsPaused: Condition = ({ capabilities: { pause } }) =>
  pause !== false && pause.startPaused ? 'yes' : { not: 'the provider cannot start paused' };

export const cannotStartPaused: Condition = ({ capabilities: { pause } }) =>
  pause !== false && pause.startPaused ? { not: 'the provider can start paused' } : 'yes';

export const cannotAnnounce: Condition = ({ capabilities }) =>
  capabilities.announce ? { not: 'the provider can announce' } : 'yes';

/** Not decided by the capabilities alone: hearing the end of an announcement takes a harness that plays it. */
export const announces: Condition = ({ capabilities, announcement }) => {
  if (!capabilities.announce) return { not: 'the provider cannot announce' };
  return announcement ? 'yes' : { not: 'the harness cannot show that an announcement was played' };
};

/** Effects of a pause that are not declared. */
export function undeclaredEffects({ pause }: RecordingFacts['capabilities']): readonly PauseEffect[] {
  const declared = pause ? pause.effects : [];
  return (['omitted', 'silence', 'segmented'] as const).filter((effect) => !declared.includes(effect));
}

export const lacksEffects: Condition = ({ capabilities }) =>
  undeclaredEffects(capabilities).length > 0 ? 'yes' : { not: 'every effect of a pause is declared' };

export const measured: Condition = ({ media }) => (media ? 'yes' : { not: 'the harness cannot decode its files' });

export const told: Condition = ({ inbound }) => (inbound === 'none' ? { not: 'the provider sends nothing' } : 'yes');

export const toldByEvents: Condition = ({ inbound }) =>
  inbound === 'events' ? 'yes' : { not: 'the provider sends no events that could be held back' };

export const authenticated: Condition = (facts) =>
  facts.authenticated ? 'yes' : { not: 'events of this provider carry no proof of origin' };

export const asked: Condition = ({ capabilities }) =>
  capabilities.status ? 'yes' : { not: 'the provider cannot be asked for the state of a recording' };

export const losesAnswers: Condition = (facts) =>
  facts.losesAnswers ? 'yes' : { not: 'the harness cannot lose an answer' };
