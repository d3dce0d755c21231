export * from './capabilities.ts';
export * from './offer.ts';
export * from './requirement.ts';
