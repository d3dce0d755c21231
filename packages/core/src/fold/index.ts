export { statesBetween } from './history.ts';
export { snapshotOf } from './snapshot-of.ts';
