/**
 * Everything that needs session records, and with them the fold, or a module of Node: loaded with the first invocation,
 * so that the function is ready before. All of it is in `@onrecord/core` or here; nothing else is fetched.
 */
export { derivedId, derivedSessionId, digestOf, runInsideTurn } from '@onrecord/core';
export { TurnCollector } from '../flow/collect-turn.ts';
export { decideAnswer, isOverdue } from '../flow/decide-answer.ts';
export { decodeState, encodeState } from '../journal/state-code.ts';
export { takeLateMessage } from '../message/take-late-message.ts';
export { answerBeforeStart } from '../turn/answer-leg.ts';
export { checkAnswer, checkAnswerWith } from './check-answer.ts';
export { withFreshTokens } from './fresh-tokens.ts';
export { keepLeftovers, saveLeftovers } from './leftovers.ts';
export { outsideCommand } from './outside-command.ts';
export { recoverLegs } from './recover-legs.ts';
export { retryRefused } from './retry-refused.ts';
export { saveEvidence } from './save-evidence.ts';
export { saveOps } from './save-ops.ts';
export { takeLateStart } from './take-late-start.ts';
export { takeOver } from './take-over.ts';
