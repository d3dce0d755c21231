/**
 * Everything that needs session records, and with them the fold: loaded when the first invocation comes, so that the
 * function is ready before.
 */
export { checkAnswer } from './check-answer.ts';
export { withFreshTokens } from './fresh-tokens.ts';
export { outsideCommand } from './outside-command.ts';
export { recoverLegs } from './recover-legs.ts';
export { retryRefused } from './retry-refused.ts';
export { saveEvidence } from './save-evidence.ts';
export { saveOps } from './save-ops.ts';
export { takeLateStart } from './take-late-start.ts';
