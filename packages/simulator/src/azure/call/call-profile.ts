/**
 * What carries a call: a Communication Services resource alone, or Teams Phone with the resource as its extension. Source
 * of the differences: "Teams Phone extensibility" quickstart, capabilities and FAQ.
 */
export type CallProfile = 'acs-standalone' | 'teams-phone';
