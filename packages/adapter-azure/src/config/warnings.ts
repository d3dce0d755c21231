import type { AzureConfig } from './config.ts';

/** What is lawful in a configuration, and yet keeps recordings from being found: each with what to do. */
export function warningsOf(
  { eventGridKeys, callbackUrl, token }: Pick<AzureConfig, 'eventGridKeys' | 'callbackUrl' | 'token'>,
  { publicUrl }: { readonly publicUrl?: string | undefined },
): readonly string[] {
  const expectsMessages = eventGridKeys.length > 0 || callbackUrl !== undefined || token !== undefined;
  return [
    ...(eventGridKeys.length > 0
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
