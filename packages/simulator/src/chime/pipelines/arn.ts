/** Account and id of a meeting, from either form of its ARN; undefined for anything else. */
export function parseMeetingArn(arn: string): { readonly accountId: string; readonly meetingId: string } | undefined {
  const [, accountId, meetingId] = /^arn:aws:chime:[a-z0-9-]*:(\d{12}):meeting[:/]([a-fA-F0-9-]{36})$/.exec(arn) ?? [];
  return accountId && meetingId ? { accountId, meetingId } : undefined;
}

/** Region, account and id of a pipeline; undefined for anything else. */
export function parsePipelineArn(
  arn: string,
): { readonly region: string; readonly accountId: string; readonly pipelineId: string } | undefined {
  const match = /^arn:aws:chime:([a-z0-9-]*):(\d{12}):media-pipeline\/([a-fA-F0-9-]{36})$/.exec(arn);
  const [, region = '', accountId, pipelineId] = match ?? [];
  return accountId && pipelineId ? { region, accountId, pipelineId } : undefined;
}
