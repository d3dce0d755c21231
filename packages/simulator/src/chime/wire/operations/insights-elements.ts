import { flag, integer, list, oneOf, required, type Shape, structure, text } from '../shape.ts';
import { arn } from './common.ts';

const name = text({ min: 1, max: 200, pattern: '^[0-9a-zA-Z._-]+$' });
const ruleName = required(text({ min: 2, max: 64, pattern: '^[0-9a-zA-Z._-]+$' }));
const anyText = text({ min: 0, max: 4096, pattern: '.*' });
const language = oneOf('en-US', 'en-GB', 'es-US', 'fr-CA', 'fr-FR', 'en-AU', 'it-IT', 'de-DE', 'pt-BR');
const status = oneOf('Enabled', 'Disabled');
const names = text({ min: 1, max: 3000, pattern: '^[a-zA-Z0-9,-._]+$' });
const target = structure({ InsightsTarget: arn });

/** What both transcribers take. */
const transcription = {
  VocabularyName: name,
  VocabularyFilterName: name,
  VocabularyFilterMethod: oneOf('remove', 'mask', 'tag'),
  LanguageModelName: name,
  EnablePartialResultsStabilization: flag,
  PartialResultsStability: oneOf('high', 'medium', 'low'),
  ContentIdentificationType: oneOf('PII'),
  ContentRedactionType: oneOf('PII'),
  PiiEntityTypes: text({ min: 1, max: 300, pattern: '^[A-Z_, ]+$' }),
  FilterPartialResults: flag,
} as const;

/** `Elements` of a media insights pipeline configuration. */
export const elements: Shape = list(
  structure({
    Type: required(
      oneOf(
        'AmazonTranscribeCallAnalyticsProcessor',
        'VoiceAnalyticsProcessor',
        'AmazonTranscribeProcessor',
        'KinesisDataStreamSink',
        'LambdaFunctionSink',
        'SqsQueueSink',
        'SnsTopicSink',
        'S3RecordingSink',
        'VoiceEnhancementSink',
      ),
    ),
    AmazonTranscribeCallAnalyticsProcessorConfiguration: structure({
      LanguageCode: required(language),
      ...transcription,
      PostCallAnalyticsSettings: structure({
        OutputLocation: required(anyText),
        DataAccessRoleArn: required(anyText),
        ContentRedactionOutput: oneOf('redacted', 'redacted_and_unredacted'),
        OutputEncryptionKMSKeyId: anyText,
      }),
      CallAnalyticsStreamCategories: list(name, { min: 1, max: 20 }),
    }),
    AmazonTranscribeProcessorConfiguration: structure({
      LanguageCode: language,
      ...transcription,
      ShowSpeakerLabel: flag,
      IdentifyLanguage: flag,
      IdentifyMultipleLanguages: flag,
      LanguageOptions: text({ min: 1, max: 200, pattern: '^[a-zA-Z-,]+$' }),
      PreferredLanguage: language,
      VocabularyNames: names,
      VocabularyFilterNames: names,
    }),
    KinesisDataStreamSinkConfiguration: target,
    S3RecordingSinkConfiguration: structure({ Destination: arn, RecordingFileFormat: oneOf('Wav', 'Opus') }),
    VoiceAnalyticsProcessorConfiguration: structure({ SpeakerSearchStatus: status, VoiceToneAnalysisStatus: status }),
    LambdaFunctionSinkConfiguration: target,
    SqsQueueSinkConfiguration: target,
    SnsTopicSinkConfiguration: target,
    VoiceEnhancementSinkConfiguration: structure({ Disabled: flag }),
  }),
);

export const realTimeAlerts: Shape = structure({
  Disabled: flag,
  Rules: list(
    structure({
      Type: required(oneOf('KeywordMatch', 'Sentiment', 'IssueDetection')),
      KeywordMatchConfiguration: structure({
        RuleName: ruleName,
        Keywords: required(list(text({ min: 1, max: 100, pattern: "^[\\s0-9a-zA-Z'-]+$" }), { min: 1, max: 10 })),
        Negate: flag,
      }),
      SentimentConfiguration: structure({
        RuleName: ruleName,
        SentimentType: required(oneOf('NEGATIVE')),
        TimePeriod: required(integer({ min: 60, max: 1800 })),
      }),
      IssueDetectionConfiguration: structure({ RuleName: ruleName }),
    }),
    { min: 1, max: 3 },
  ),
});
