export * from './capabilities.ts';
export * from './check-requirement.ts';
export * from './offer.ts';
export * from './requirement.ts';
