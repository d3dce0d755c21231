import type { MediaInsightsPipelineConfigurationElement } from '@aws-sdk/client-chime-sdk-media-pipelines';
import { unknownMembers } from '@onrecord/core';
import type { Problem } from '../../options/problem.ts';
import { enhancementRegions, recordingRegions } from '../regions.ts';

export interface Place {
  readonly region: string;
  readonly accountId: string;
}

type Members = Readonly<Record<string, unknown>>;

/** The members that configure each type of element. */
const memberOf = {
  AmazonTranscribeCallAnalyticsProcessor: 'AmazonTranscribeCallAnalyticsProcessorConfiguration',
  AmazonTranscribeProcessor: 'AmazonTranscribeProcessorConfiguration',
  VoiceAnalyticsProcessor: 'VoiceAnalyticsProcessorConfiguration',
  KinesisDataStreamSink: 'KinesisDataStreamSinkConfiguration',
  LambdaFunctionSink: 'LambdaFunctionSinkConfiguration',
  SqsQueueSink: 'SqsQueueSinkConfiguration',
  SnsTopicSink: 'SnsTopicSinkConfiguration',
  S3RecordingSink: 'S3RecordingSinkConfiguration',
  VoiceEnhancementSink: 'VoiceEnhancementSinkConfiguration',
} as const;

/** What the target of each sink is, in its ARN. */
const services: Readonly<Record<string, string>> = {
  KinesisDataStreamSink: 'kinesis',
  LambdaFunctionSink: 'lambda',
  SqsQueueSink: 'sqs',
  SnsTopicSink: 'sns',
};

/** Everything wrong with the elements of a configuration, by the model and by what the guide adds to it. */
export function elementProblems(
  elements: readonly MediaInsightsPipelineConfigurationElement[] | undefined,
  place: Place,
): readonly Problem[] {
  if (!Array.isArray(elements) || elements.length === 0) {
    return [{ path: 'Elements', message: 'Must list at least one element.' }];
  }
  const types = elements.map(({ Type }) => String(Type));
  const own = elements.flatMap((element, index) => oneElement(element as Members, `Elements[${index}]`, place));
  return [...own, ...together(types, place)];
}

function oneElement(element: Members, path: string, place: Place): readonly Problem[] {
  const type = String(element['Type']);
  if (!(type in memberOf)) {
    return [{ path: `${path}.Type`, message: `Must be ${Object.keys(memberOf).join(', ')}.` }];
  }
  const member = memberOf[type as keyof typeof memberOf];
  const problems: Problem[] = [...unknownMembers(element, ['Type', member], path)];
  const configuration = element[member];
  if (typeof configuration !== 'object' || configuration === null) {
    return [...problems, { path: `${path}.${member}`, message: `Missing: a ${type} is configured by it.` }];
  }
  return [...problems, ...configured(type, configuration as Members, `${path}.${member}`, place)];
}

function configured(type: string, configuration: Members, path: string, place: Place): readonly Problem[] {
  switch (type) {
    case 'S3RecordingSink':
      return recordingSink(configuration, path);
    case 'VoiceEnhancementSink':
      return enhancementSink(configuration, path);
    case 'AmazonTranscribeCallAnalyticsProcessor':
      return configuration['LanguageCode'] === undefined ? [{ path: `${path}.LanguageCode`, message: 'Missing.' }] : [];
    case 'AmazonTranscribeProcessor':
      return transcriber(configuration, path);
    default:
      return services[type] === undefined ? [] : target(configuration, path, services[type], place);
  }
}

function recordingSink(configuration: Members, path: string): readonly Problem[] {
  const { Destination, RecordingFileFormat } = configuration;
  const problems: Problem[] = [...unknownMembers(configuration, ['Destination', 'RecordingFileFormat'], path)];
  const bucket = /^arn:[\w-]+:s3:::[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](\/[\w./-]*)?$/.test(String(Destination));
  if (!bucket || String(Destination).length > 1024) {
    problems.push({
      path: `${path}.Destination`,
      message: 'Must be the ARN of a bucket of the account, at most 1,024 characters: arn:aws:s3:::bucket/prefix.',
    });
  }
  if (RecordingFileFormat !== undefined && RecordingFileFormat !== 'Wav' && RecordingFileFormat !== 'Opus') {
    const hint = /^wav$/i.test(String(RecordingFileFormat)) ? ' Some guides print WAV; the service takes Wav.' : '';
    problems.push({ path: `${path}.RecordingFileFormat`, message: `Must be Wav or Opus.${hint}` });
  }
  return problems;
}

function enhancementSink(configuration: Members, path: string): readonly Problem[] {
  const problems: Problem[] = [...unknownMembers(configuration, ['Disabled'], path)];
  const { Disabled } = configuration;
  if (Disabled !== undefined && typeof Disabled !== 'boolean') {
    problems.push({ path: `${path}.Disabled`, message: 'Must be true or false, not text as some guides print it.' });
  }
  return problems;
}

function transcriber(
  { LanguageCode, IdentifyLanguage, IdentifyMultipleLanguages }: Members,
  path: string,
): readonly Problem[] {
  const ways = [LanguageCode !== undefined, IdentifyLanguage === true, IdentifyMultipleLanguages === true];
  return ways.filter(Boolean).length === 1
    ? []
    : [{ path, message: 'Must say one of LanguageCode, IdentifyLanguage and IdentifyMultipleLanguages.' }];
}

/** No sink may be in another region or account. */
function target(
  { InsightsTarget }: Members,
  path: string,
  service: string,
  { region, accountId }: Place,
): readonly Problem[] {
  const [, told, itsRegion, itsAccount] = /^arn:[\w-]+:(\w+):([\w-]*):(\d*):/.exec(String(InsightsTarget)) ?? [];
  const at = `${path}.InsightsTarget`;
  if (told !== service) return [{ path: at, message: `Must be the ARN of the ${service} target.` }];
  if (itsRegion !== region) return [{ path: at, message: `Must be in ${region}, the region of the configuration.` }];
  if (itsAccount !== accountId)
    return [{ path: at, message: `Must be in ${accountId}, the account of the configuration.` }];
  return [];
}

function together(types: readonly string[], { region }: Place): readonly Problem[] {
  const problems: Problem[] = [];
  const has = (type: string) => types.includes(type);
  for (const [index, type] of types.entries()) {
    if (types.indexOf(type) < index) {
      problems.push({
        path: `Elements[${index}].Type`,
        message: `There is a ${type} already: each type may come once.`,
      });
    }
  }
  if (has('AmazonTranscribeProcessor') && has('AmazonTranscribeCallAnalyticsProcessor')) {
    const message = 'Must hold AmazonTranscribeProcessor or AmazonTranscribeCallAnalyticsProcessor, not both.';
    problems.push({ path: 'Elements', message });
  }
  if (has('VoiceEnhancementSink') && !has('S3RecordingSink')) {
    problems.push({
      path: 'Elements',
      message: 'VoiceEnhancementSink needs an S3RecordingSink: it enhances its file.',
    });
  }
  if (has('S3RecordingSink') && !recordingRegions.includes(region)) {
    problems.push({
      path: 'Elements',
      message: `S3RecordingSink works in ${recordingRegions.join(', ')}, not in ${region}.`,
    });
  }
  if (has('VoiceEnhancementSink') && !enhancementRegions.includes(region)) {
    const where = enhancementRegions.join(', ');
    problems.push({ path: 'Elements', message: `VoiceEnhancementSink works in ${where}, not in ${region}.` });
  }
  return problems;
}
