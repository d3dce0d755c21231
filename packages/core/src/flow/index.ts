export * from './flow.ts';
export type { FlowHost } from './flow-host.ts';
export { refuseWaitingInsideTurn, runInsideTurn } from './inside-turn.ts';
export { type OpenTurn, openTurn, type TurnOptions } from './open-turn.ts';
export type { TurnCommand } from './turn-command.ts';
