/**
 * Everything that needs session records, and with them the fold: loaded when the first invocation comes, so that the
 * function is ready before.
 */
export { recoverLegs } from './recover-legs.ts';
export { saveOps } from './save-ops.ts';
export { takeUpdate } from './take-update.ts';
