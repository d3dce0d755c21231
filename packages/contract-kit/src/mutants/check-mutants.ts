import { type Case, ContractViolation, runCase } from '../case.ts';
import type { RecordingFacts, RecordingHarness, RecordingSubject } from '../recording/harness.ts';
import { recordingSuite } from '../recording/index.ts';
import type { TestRunner } from '../register.ts';
import { type Mutant, mutants } from './mutants.ts';

/**
 * Registers one test per mutant: the driver, broken that way, fails the named case. A mutant that is harmless to the
 * subject, or whose case does not apply to it, is skipped, and says why.
 */
export function registerMutants(
  runner: Pick<TestRunner, 'describe' | 'test'>,
  subject: RecordingSubject,
  chosen: readonly Mutant[] = mutants,
): void {
  runner.describe(`broken drivers of ${subject.name}`, () => {
    for (const mutant of chosen) {
      const tried = caseOf(mutant);
      const applies = tried.appliesTo(subject.facts);
      runner.test(`a driver that ${mutant.name} is caught by ${tried.id}`, async (context) => {
        if (applies !== 'yes') return void context.skip(`${tried.id} does not apply: ${applies.not}`);
        const harmless = mutant.harmless?.(subject.facts);
        if (harmless !== undefined) return void context.skip(`harmless: ${harmless}`);
        const broken = { ...subject, open: () => subject.open({ wrap: mutant.mutate }) };
        try {
          await runCase(tried, broken);
        } catch (error) {
          if (error instanceof ContractViolation && error.caseId === tried.id) return;
          throw error;
        }
        throw new Error(`The mutant "${mutant.name}" of ${subject.name} passed ${tried.id}: the case proves nothing`);
      });
    }
  });
}

function caseOf(mutant: Mutant): Case<RecordingHarness, RecordingFacts> {
  const found = recordingSuite.cases.find(({ id }) => id === mutant.caughtBy);
  if (!found) throw new Error(`No case ${mutant.caughtBy} for the mutant "${mutant.name}"`);
  return found;
}
