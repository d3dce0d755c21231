export * from './add-reports.ts';
export * from './coalesce.ts';
export * from './commit.ts';
export * from './create-session.ts';
export * from './ids.ts';
export * from './record-command.ts';
export { publish, refold } from './refold.ts';
export * from './route-reports.ts';
export * from './settle-command.ts';
