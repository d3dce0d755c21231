/** Whether a case holds for a subject, judged by what the subject declares, never by its name. */
export type Applicability = 'yes' | { readonly not: string };

/**
 * One rule of a contract and how to find out whether a subject keeps it.
 * `Harness` is what the case works with, `Facts` what the subject declares of itself.
 */
export interface Case<Harness, Facts> {
  /** `SUITE-TOPIC-000`: stable for ever; a case that no longer holds leaves its number behind. */
  readonly id: string;
  /** What must hold and why it matters, in one sentence: it stands in the failure. */
  readonly rule: string;
  appliesTo(facts: Facts): Applicability;
  /** Throws when the rule is broken. */
  run(harness: Harness, facts: Facts): Promise<void>;
}

/** A contract: its cases in the order in which they are best read. */
export interface Suite<Harness, Facts> {
  readonly name: 'recording' | 'storage' | 'session-store' | (string & {});
  readonly version: string;
  readonly cases: readonly Case<Harness, Facts>[];
  /** What a reader of results has to know besides; reports list it. */
  remarks?(facts: Facts): Remarks;
}

/** What stands between the results of a subject and what it declares. */
export interface Remarks {
  /** What it declares and no case tried, and why, e.g. `audio/mixed/mp3: the simulator has no encoder`. */
  readonly unproven: readonly string[];
  /** What it offers although the provider does not, e.g. `pause (segmented)`. */
  readonly emulated: readonly string[];
}

/** What is tested against a suite. */
export interface Subject<Harness, Facts> {
  /** As it appears in reports, e.g. `chime-sma`. */
  readonly name: string;
  readonly facts: Facts;
  /** The real service or server behind it and its version, e.g. `Asterisk 22.10.1`; absent where there is a stand-in. */
  readonly against?: string | undefined;
  /** A harness with nothing in it; each case gets its own. */
  open(): Promise<Harness & { close(): Promise<void> }>;
}

/** What came of one case. */
export type CaseResult =
  | { readonly id: string; readonly result: 'passed' }
  | { readonly id: string; readonly result: 'failed'; readonly message: string }
  | { readonly id: string; readonly result: 'not-applicable'; readonly reason: string };

/** A rule was broken. The message names case and rule, then says what was seen. */
export class ContractViolation extends Error {
  override readonly name: string = 'ContractViolation';
  readonly caseId: string;
  readonly rule: string;

  constructor(broken: { readonly id: string; readonly rule: string }, subject: string, cause: unknown) {
    const seen = cause instanceof Error ? cause.message : String(cause);
    super(`${broken.id}: ${broken.rule}\n${subject} broke it: ${seen}`, { cause });
    this.caseId = broken.id;
    this.rule = broken.rule;
  }
}

/** A case that holds for every subject. */
export const always = (): Applicability => 'yes';

/**
 * Runs one case on a fresh harness.
 * @throws ContractViolation when the rule is broken, also when the harness cannot be opened or closed.
 */
export async function runCase<Harness, Facts>(
  tried: Case<Harness, Facts>,
  subject: Subject<Harness, Facts>,
): Promise<void> {
  try {
    const harness = await subject.open();
    try {
      await tried.run(harness, subject.facts);
    } finally {
      await harness.close();
    }
  } catch (cause) {
    throw new ContractViolation(tried, subject.name, cause);
  }
}
