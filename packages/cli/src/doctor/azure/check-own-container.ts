import type { Check } from '../check.ts';
import { type AzureSetting, sectionOf } from './azure-setting.ts';

/**
 * Whether the container that recordings are written into is where the landing store looks for them. Reach is another
 * check's business (`landing`); that the service may write there shows in a recording only.
 */
export function checkOwnContainer({ id, options, landing }: AzureSetting): readonly Check[] {
  const checkId = `${id}.recording-storage`;
  const { containerUrl, perRecording } = sectionOf(options, 'recordingStorage');
  const landed = options['landing'] !== undefined;
  if (typeof containerUrl !== 'string') {
    if (!landed) return [];
    return [
      {
        id: checkId,
        status: 'warning',
        message: 'There is a landing store, and no recordingStorage: Azure keeps the files itself, for 24 hours.',
        fix: 'Give recordingStorage: { containerUrl }, or leave out landing.',
      },
    ];
  }
  const wanted = placeOf(new URL(containerUrl));
  if (!landed) {
    return [
      {
        id: checkId,
        status: 'failed',
        message: `Recordings go to ${wanted}, and no landing store is configured to find them there.`,
        fix: "Give landing: { type: 'azure-blob', … } with the same account and container.",
      },
    ];
  }
  if (!landing) return [{ id: checkId, status: 'skipped', message: 'The landing store could not be opened.' }];
  const found = landing.uriOf('');
  if (!wanted.startsWith(found)) {
    return [
      {
        id: checkId,
        status: 'failed',
        message: `Recordings go to ${wanted}, and the landing store looks in ${found}: none would be found.`,
        fix: 'Give both the same account and container; a prefix of the landing store must hold the location.',
      },
    ];
  }
  const role = 'The managed identity of the Communication Services resource needs Storage Blob Data Contributor there.';
  const open = 'whether the service may write there was not looked at.';
  if (perRecording === false) {
    return [
      {
        id: checkId,
        status: 'warning',
        message: `Recordings share ${wanted}, where the landing store looks: one whose event is lost is missing; ${open}`,
        fix: `Leave out recordingStorage.perRecording: then each has a place of its own, and is found without its event. ${role}`,
      },
    ];
  }
  return [
    {
      id: checkId,
      status: 'skipped',
      message: `Each recording goes to a place of its own below ${wanted}, where the landing store finds it also without its event; ${open}`,
      fix: role,
    },
  ];
}

/** `azblob://account/container/location/` of a Blob URL. */
function placeOf({ hostname, pathname }: URL): string {
  const [account = ''] = hostname.split('.');
  const path = pathname.split('/').filter(Boolean).map(decodeURIComponent).join('/');
  return `azblob://${account}/${path}/`;
}
