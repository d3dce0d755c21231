export type { EventFault } from './event-fault.ts';
export { FaultPlan, type PlannedFault } from './fault-plan.ts';
