import { OnRecordError } from '@onrecord/core';

/**
 * Hosts that hold recordings. Credentials of the resource are sent to these alone, whatever an event says.
 * Source: the rule of SDK 1.6.0 (`recordingUrlValidator`).
 */
const storageHosts = ['.asm.skype.com', '.asyncgw.teams.microsoft.com', '.ams.gov.teams.microsoft.us'];

/** @throws OnRecordError `provider-contract` for anything but https on a storage host of the service. */
export function contentUrl(text: string, base?: URL): URL {
  const url = URL.canParse(text, base?.href) ? new URL(text, base) : undefined;
  const host = url?.hostname.toLowerCase() ?? '';
  const known = storageHosts.some((suffix) => host.endsWith(suffix));
  if (url && known && url.protocol === 'https:' && url.username === '' && url.password === '') return url;
  const place = url ? `${url.protocol}//${url.host}` : 'something that is no URL';
  throw new OnRecordError(
    'provider-contract',
    `A recording's address leads to ${place}, not to a storage host of Azure.`,
    {
      blame: 'provider',
      remedy: 'Open files in a storage account of your own with the store that holds them.',
      context: { place },
    },
  );
}
