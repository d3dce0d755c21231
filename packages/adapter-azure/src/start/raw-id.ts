/** Raw ids of which the SDK knows the kind; what follows is an opaque id. */
const known = /^(?:8:(?:acs|spool|dod-acs|gcch-acs|orgid|dod|gcch|teamsvisitor)|28:(?:orgid|dod|gcch)):/i;

/** E.164: at most 15 digits. `_<id>` tells two legs of one number apart. */
const e164 = /^\+\d{1,15}(?:_[^_]+)?$/;

/**
 * Why this is no raw id of a participant, or undefined. Kinds of which the SDK does not know may come from the service,
 * so anything of the form `<number>:<id>` is taken.
 * @see {@link https://learn.microsoft.com/azure/communication-services/concepts/identifiers}
 */
export function rawIdProblem(rawId: string): string | undefined {
  if (/[\s\p{Cc}]/u.test(rawId)) return 'Must hold no space, line break or control character.';
  if (/^\+?\d+$/.test(rawId)) return 'Must be a raw id; that of a phone number begins with 4:, e.g. 4:+15550100.';
  if (rawId.startsWith('4:')) return phoneProblem(rawId.slice('4:'.length));
  const prefix = known.exec(rawId)?.[0];
  if (prefix !== undefined) {
    if (prefix !== prefix.toLowerCase())
      return `Must be a raw id that begins with ${prefix.toLowerCase()}, in lower case.`;
    return rawId.length === prefix.length ? `Must be a raw id: after ${prefix} comes the id.` : undefined;
  }
  if (known.test(`${rawId}:`)) return `Must be a raw id: after ${rawId}: comes the id.`;
  return /^\d+:./.test(rawId) ? undefined : `Must be a raw id, such as 4:+15550100 or 8:acs:<resource>_<user>.`;
}

/**
 * Numbers are "usually" E.164, and `anonymous` where the caller withholds his; direct routing has short ones. With a
 * plus it is meant as E.164.
 */
export function phoneProblem(number: string): string | undefined {
  if (number === '' || /[\s\p{Cc}]/u.test(number)) return 'Must be a phone number without spaces, e.g. +15550100.';
  if (/^\d+:/.test(number)) return 'Must be a phone number alone, e.g. +15550100; only its raw id begins with 4:.';
  if (number.startsWith('+') && !e164.test(number)) return 'Must be in E.164 form after the plus: at most 15 digits.';
  return undefined;
}
