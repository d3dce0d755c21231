/** One value, or several of which any will do. */
export type OneOrMore = string | readonly string[];

/** Operators over context keys, e.g. `{ StringEquals: { 'aws:SourceAccount': '111122223333' } }`. */
export interface Conditions {
  readonly [operator: string]: { readonly [key: string]: OneOrMore };
}

/** A statement as IAM takes it: no `Principal` in the policies of a role or user. */
export interface Statement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Principal?: { readonly Service: string } | undefined;
  readonly Action: OneOrMore;
  readonly Resource?: OneOrMore | undefined;
  readonly Condition?: Conditions | undefined;
}

/** A policy document, ready for `JSON.stringify`. */
export interface Policy {
  readonly Version: '2012-10-17';
  readonly Statement: readonly Statement[];
}

/** Services of the Chime SDK by their principals, which are the same in every partition. */
export const principals = {
  /** SIP media applications and Voice Connectors. */
  voice: 'voiceconnector.chime.amazonaws.com',
  mediaPipelines: 'mediapipelines.chime.amazonaws.com',
  meetings: 'meetings.chime.amazonaws.com',
} as const;

export function policyOf(...statements: readonly Statement[]): Policy {
  return { Version: '2012-10-17', Statement: statements };
}

/**
 * One policy with the statements of all: a bucket has a single one. Statements that say the same are kept once, others under
 * one `Sid` are numbered.
 */
export function mergePolicies(...policies: readonly Policy[]): Policy {
  const merged: Statement[] = [];
  for (const statement of policies.flatMap(({ Statement }) => Statement)) {
    if (merged.some((known) => meaningOf(known) === meaningOf(statement))) continue;
    const taken = new Set(merged.map(({ Sid }) => Sid));
    let { Sid } = statement;
    for (let number = 2; taken.has(Sid); number++) Sid = `${statement.Sid}${number}`;
    merged.push({ ...statement, Sid });
  }
  return policyOf(...merged);
}

function meaningOf(statement: Statement): string {
  return JSON.stringify({ ...statement, Sid: '' });
}
