import type { DriverNotice, StartUpSetting } from '@onrecord/core';
import { azureLifetime } from '../lifetime/azure-lifetime.ts';
import type { AzureConfig } from './config.ts';
import { teamsPhoneNotices } from './teams-phone-notices.ts';

type Warned = Pick<
  AzureConfig,
  'eventGridKeys' | 'eventGridQueue' | 'callbackUrl' | 'token' | 'profile' | 'recordingStorage'
>;

const subscribe = 'Configure eventGrid.secret, and subscribe to RecordingFileStatusUpdated.';

const never =
  'Azure tells where a file is by Event Grid and in no other way: without eventGrid every recording ends as missing, and ' +
  `is deleted after 24 hours. ${subscribe}`;

/** Where each recording has a place of its own in a container of the user's. */
const lookedFor =
  'Without eventGrid files are looked for in the container of recordingStorage, minutes later, by its landing store; one ' +
  `that could not be written there ends as missing, and is deleted after 24 hours. ${subscribe}`;

/**
 * What is lawful in a configuration, and yet keeps recordings from being found, each with what to do; what the profile
 * brings with it; and, if the time is given, what will change on a certain day.
 */
export function warningsOf(config: Warned, setting: StartUpSetting): readonly (string | DriverNotice)[] {
  const { nowMs } = setting;
  return [
    ...settingWarnings(config, setting),
    ...(config.profile === 'teams-phone' ? teamsPhoneNotices : []),
    ...(nowMs === undefined ? [] : azureLifetime(nowMs, config.profile)),
  ];
}

function settingWarnings(
  { eventGridKeys, eventGridQueue, callbackUrl, token, recordingStorage }: Omit<Warned, 'profile'>,
  { publicUrl }: StartUpSetting,
): readonly string[] {
  const expectsMessages = eventGridKeys.length > 0 || callbackUrl !== undefined || token !== undefined;
  return [
    ...(eventGridKeys.length > 0 || eventGridQueue ? [] : [recordingStorage?.perRecording ? lookedFor : never]),
    ...(expectsMessages && publicUrl === undefined
      ? [
          'Azure proves its messages by the URL that they are sent to: without publicUrl each of them is refused. ' +
            'Configure the public address of this server.',
        ]
      : []),
  ];
}
