export { azureCapabilities } from './capabilities/acs-standalone.ts';
export {
  type AzureCapabilities,
  type AzureProfile,
  azureProfiles,
  capabilitiesFor,
} from './capabilities/profile.ts';
export { teamsPhoneCapabilities } from './capabilities/teams-phone.ts';
export { type AzureAttempt, azureAttempts, type Undocumented, unknownUnder } from './capabilities/undocumented.ts';
