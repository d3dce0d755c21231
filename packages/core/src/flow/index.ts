export * from './flow.ts';
export type { FlowHost } from './flow-host.ts';
export { refuseWaitingInsideTurn, runInsideTurn } from './inside-turn.ts';
