/** Where call analytics records (call analytics guide, "Configure recording"). */
export const recordingRegions: readonly string[] = ['us-east-1', 'us-west-2', 'eu-central-1'];

/** Where it enhances voices as well. */
export const enhancementRegions: readonly string[] = ['us-east-1', 'us-west-2'];
