import type { DriverNotice, StartUpSetting } from '@onrecord/core';
import { azureLifetime } from '../lifetime/azure-lifetime.ts';
import type { AzureConfig } from './config.ts';
import { teamsPhoneNotices } from './teams-phone-notices.ts';

type Warned = Pick<AzureConfig, 'eventGridKeys' | 'eventGridQueue' | 'callbackUrl' | 'token' | 'profile'>;

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
  { eventGridKeys, eventGridQueue, callbackUrl, token }: Omit<Warned, 'profile'>,
  { publicUrl }: StartUpSetting,
): readonly string[] {
  const expectsMessages = eventGridKeys.length > 0 || callbackUrl !== undefined || token !== undefined;
  return [
    ...(eventGridKeys.length > 0 || eventGridQueue
      ? []
      : [
          'Azure tells where a file is by Event Grid and in no other way: without eventGrid every recording ends as ' +
            'missing, and is deleted after 24 hours. Configure eventGrid.secret, and subscribe to RecordingFileStatusUpdated.',
        ]),
    ...(expectsMessages && publicUrl === undefined
      ? [
          'Azure proves its messages by the URL that they are sent to: without publicUrl each of them is refused. ' +
            'Configure the public address of this server.',
        ]
      : []),
  ];
}
