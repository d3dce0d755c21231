import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import type { CallProfile } from './call-profile.ts';

/** A recording id: base64url, unpadded, of the JSON seen in recorded traffic. */
export function newRecordingId(): string {
  const parts = { PlatformEndpointId: randomUUID(), ResourceSpecificId: randomUUID() };
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

/** Where server call ids point to, by what carries the call; decoded from azure-sdk-for-js#26154 and a vendor sample. */
const conversations: Readonly<Record<CallProfile, string>> = {
  'acs-standalone': 'https://api.flightproxy.skype.com/api/v2/cp',
  'teams-phone': 'https://api.flightproxy.teams.microsoft.com/api/v2/ep',
};

/** A server call id: base64 of a URL. */
export function newServerCallId(profile: CallProfile = 'acs-standalone'): string {
  const conversation = randomBytes(16).toString('base64url');
  const epoch = `63${randomInt(1e9, 9e9)}${randomInt(1e6, 9e6)}`;
  const url = `${conversations[profile]}/conv-usea-01-prod-aks.conv.skype.com/conv/${conversation}?i=10-128-${randomInt(256)}-${randomInt(256)}&e=${epoch}`;
  return Buffer.from(url).toString('base64');
}

/** Whether `id` decodes to a URL, as every server call id does. */
export function isServerCallId(id: string): boolean {
  return URL.canParse(Buffer.from(id, 'base64').toString('latin1'));
}

/** A document of the storage host, of the form seen in file events. */
export function newDocumentId(): string {
  return `0-eus-d12-${randomBytes(16).toString('hex')}`;
}
