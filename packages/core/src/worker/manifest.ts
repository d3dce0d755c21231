import { withoutSecrets } from '../errors/index.ts';
import type { JsonObject } from '../json.ts';
import type { SessionRecord } from '../session/record.ts';

/** Version of the manifest that lies beside archived media. */
export const manifestSchema = 'onrecord.manifest/v1';

/**
 * What a session's archived files are: enough to understand and check them without OnRecord. Holds no addresses of
 * participants.
 */
export function manifestOf(record: SessionRecord, createdAt: string): JsonObject {
  const { snapshot } = record;
  return json({
    schema: manifestSchema,
    createdAt,
    session: {
      id: record.id,
      provider: record.provider,
      deployment: record.deployment,
      tenant: record.tenant,
      call: { kind: record.call.kind, key: record.call.key, region: record.call.region },
      output: record.output,
      consent: record.consent,
      labels: record.labels,
      state: snapshot.state,
      endReason: snapshot.endReason,
      verdict: snapshot.verdict,
      emulated: snapshot.emulated,
    },
    parts: snapshot.parts,
    pauses: snapshot.pauses,
    artifacts: snapshot.artifacts
      .filter(({ role }) => role !== 'manifest')
      .map(({ tracks, source, mediaKey, ...artifact }) => ({
        ...artifact,
        // A link may be signed; the manifest outlives it, and is read by others.
        mediaKey: withoutSecrets(mediaKey),
        source: withoutSecrets(source),
        tracks: tracks.map(({ participant: _personal, ...track }) => track),
      })),
    anomalies: snapshot.anomalies,
  });
}

/** A plain JSON copy, without members that are undefined. */
function json(value: object): JsonObject {
  return JSON.parse(JSON.stringify(value)) as JsonObject;
}
