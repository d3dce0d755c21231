export * from './announcement.ts';
export * from './call-notice.ts';
export * from './call-ref.ts';
