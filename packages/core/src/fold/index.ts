export { statesBetween } from './history.ts';
export { pauseHolds } from './pause-holds.ts';
export { snapshotOf } from './snapshot-of.ts';
