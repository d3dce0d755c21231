import { randomBytes, randomInt, randomUUID } from 'node:crypto';

/** A recording id: base64url, unpadded, of the JSON seen in recorded traffic. */
export function newRecordingId(): string {
  const parts = { PlatformEndpointId: randomUUID(), ResourceSpecificId: randomUUID() };
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

/** A server call id: base64 of a URL, of the form decoded from a public issue (azure-sdk-for-js#26154). */
export function newServerCallId(): string {
  const conversation = randomBytes(16).toString('base64url');
  const epoch = `63${randomInt(1e9, 9e9)}${randomInt(1e6, 9e6)}`;
  const url = `https://api.flightproxy.skype.com/api/v2/cp/conv-usea-01-prod-aks.conv.skype.com/conv/${conversation}?i=10-128-${randomInt(256)}-${randomInt(256)}&e=${epoch}`;
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
