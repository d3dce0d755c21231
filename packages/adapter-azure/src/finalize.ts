import {
  type DriverContext,
  type MediaSighting,
  type Outcome,
  type PartTarget,
  type Report,
  type Seen,
  timestamp,
} from '@onrecord/core';
import type { ContentClient } from './content/content-client.ts';
import { type FileFact, filesOf, hasGap, isRead, mediaFacts, readFact } from './file-facts.ts';
import { reportOn } from './map-state.ts';
import { heardTracks } from './map-tracks.ts';
import { fetchMetadata } from './metadata/fetch-metadata.ts';
import { findLanded, isListed, type LandedFile } from './metadata/find-landed.ts';
import { mergedPauses } from './metadata/pauses.ts';
import type { ChunkMetadata } from './metadata/read-metadata.ts';

interface KnownFile {
  readonly file: FileFact;
  readonly metadata: ChunkMetadata;
}

/**
 * Learns from the metadata files what no event tells: whose voice is on which channel, and the pauses as the service
 * measured them. Done once, and again for files that later events tell of; `accepted` until the file event has come, or
 * its files were found without it in a container of ours, and their metadata with them. A metadata file that is gone, or
 * is none, leaves the recording as it is, and is told as the anomaly `invalid-answer`.
 */
export async function finalizePart(part: PartTarget, content: ContentClient, context: DriverContext): Promise<Outcome> {
  if (isRead(part)) return { kind: 'done', reports: [] };
  const told = filesOf(part);
  const looks = told === undefined || (hasGap(told) && isListed(part, context));
  const landed = looks ? await findLanded(part, context) : undefined;
  const files = looks ? landed?.files && united(told ?? [], landed.files) : told;
  if (files === undefined) {
    return { kind: 'accepted', ...(landed ? { reports: [incomplete(part, landed.media, context)] } : {}) };
  }
  if (files.length === 0) return { kind: 'done', reports: [] };
  const known: KnownFile[] = [];
  const problems: string[] = [];
  for (const file of files) {
    const fetched = await fetchMetadata(file.metadata, content, context);
    if ('missing' in fetched) problems.push(fetched.missing);
    else known.push({ file, metadata: fetched.metadata });
  }
  problems.push(...known.flatMap(({ metadata }) => [...metadata.problems, ...contradictions(part, metadata)]));
  const readFacts = known.length === files.length ? readFact(files) : {};
  const media = [...sightingsOf(part, known), ...(landed?.files ?? []).map(metadataAt)];
  const report = reportOf(part, context, {
    reportId: `azure/metadata/${files.map(({ key }) => key).join('+')}`,
    seen: {
      ...(media.length > 0 ? { media } : {}),
      ...(known.length > 0 ? { facts: { participants: peopleIn(known), ...readFacts } } : {}),
      // Half of the pauses would stand for all of them.
      ...(known.length === files.length && !hasGap(files) ? pausesOf(known) : {}),
      ...(problems.length > 0 ? { anomaly: { code: 'invalid-answer', message: sentences(problems) } } : {}),
    },
  });
  return { kind: 'done', reports: [report] };
}

/** Of a file that the service kept after all, the event alone tells. */
function united(told: readonly FileFact[], landed: readonly FileFact[]): readonly FileFact[] {
  return [...new Map([...told, ...landed].map((file) => [file.key, file])).values()];
}

function reportOf(part: PartTarget, { clock }: DriverContext, what: Pick<Report, 'reportId' | 'seen'>): Report {
  return reportOn(part.correlation, {
    ...what,
    cause: { unattributed: true },
    clock: { domain: 'none' },
    via: 'poll',
    receivedAt: timestamp(clock.now()),
  });
}

/** Keeps in mind which files wait for their metadata. */
function incomplete(part: PartTarget, media: readonly string[], context: DriverContext): Report {
  return reportOf(part, context, { reportId: `azure/landed/${media.join('+')}`, seen: { facts: mediaFacts(media) } });
}

/** Of the metadata of a file, as the event would have told it. */
function metadataAt({ metadata, index }: LandedFile): MediaSighting {
  return { key: metadata, uri: metadata, role: 'metadata', mediaType: 'application/json', index };
}

function sightingsOf({ call, output }: PartTarget, known: readonly KnownFile[]): readonly MediaSighting[] {
  const begin = Math.min(...known.map(({ metadata }) => metadata.startedAt ?? Number.POSITIVE_INFINITY));
  return known.map(({ file: { key, content }, metadata }) => {
    const { channels, durationMs, index, startedAt, voices } = metadata;
    const layout = layoutOf(output.layout, metadata);
    const offsetMs = startedAt === undefined ? 0 : startedAt - begin;
    return {
      key,
      uri: content,
      role: 'master',
      container: metadata.container ?? output.container,
      tracks: heardTracks(call, layout, voices, offsetMs),
      ...(channels === undefined ? {} : { channels }),
      ...(durationMs === undefined ? {} : { durationMs }),
      ...(index === undefined ? {} : { index }),
    };
  });
}

/** The file decides what it is, whatever was asked for. */
function layoutOf(asked: PartTarget['output']['layout'], { layout }: ChunkMetadata): PartTarget['output']['layout'] {
  if (layout === 'mixed') return 'mixed';
  return layout === 'unmixed' && asked === 'mixed' ? 'per-participant' : asked;
}

function contradictions({ output }: PartTarget, { layout, container }: ChunkMetadata): readonly string[] {
  const asked = output.layout === 'mixed' ? 'mixed' : 'unmixed';
  return [
    ...(layout !== undefined && layout !== asked ? [`A file is ${layout} where ${asked} was asked for.`] : []),
    ...(container !== undefined && container !== output.container
      ? [`A file is ${container} where ${output.container} was asked for.`]
      : []),
  ];
}

function pausesOf(known: readonly KnownFile[]): Pick<Seen, 'pauses'> {
  const told = known.map(({ metadata }) => metadata.pauses);
  if (told.some((pauses) => pauses === undefined)) return {};
  const all = told.flatMap((pauses) => pauses ?? []);
  return { pauses: mergedPauses(all.map(({ from, durationMs }) => ({ from: Date.parse(from), durationMs }))) };
}

/** Everybody who was on the call while it was recorded: no track of a mixed file names them. @personal */
function peopleIn(known: readonly KnownFile[]): readonly string[] {
  return [...new Set(known.flatMap(({ metadata }) => metadata.voices.map(({ participant }) => participant)))];
}

function sentences(problems: readonly string[]): string {
  const different = [...new Set(problems)];
  const rest = different.length > 3 ? [`And ${different.length - 3} more.`] : [];
  return [...different.slice(0, 3), ...rest].join(' ');
}
