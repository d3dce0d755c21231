export * from './driver.ts';
export * from './unknown-members.ts';
