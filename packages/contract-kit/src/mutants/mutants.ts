import {
  OnRecordError,
  type PartTarget,
  type RecordingDriver,
  type Report,
  type Track,
  timestamp,
} from '@onrecord/core';
import type { RecordingFacts } from '../recording/harness.ts';
import { brokenDriver, withMedia, withReports, withTracks } from './broken-driver.ts';

/** A way of breaking a driver, and the case that must notice. */
export interface Mutant {
  readonly name: string;
  /** The case that catches it. */
  readonly caughtBy: string;
  /** Why it breaks nothing of a subject with these facts; undefined where it does. */
  readonly harmless?: (facts: RecordingFacts) => string | undefined;
  readonly mutate: (driver: RecordingDriver) => RecordingDriver;
}

const opposite: { readonly [F in Track['from']]: Track['from'] } = {
  participant: 'everyone-else',
  'everyone-else': 'participant',
  everyone: 'everyone',
};

const inTurns = ({ inbound }: RecordingFacts) =>
  inbound === 'turns' ? 'whoever answers the turns carries out a command once, and reports what came of it' : undefined;

const notNative = ({ capabilities: { pause } }: RecordingFacts) =>
  pause !== false && pause.fidelity === 'native' ? undefined : 'pauses are not its business';

const notHosted = ({ capabilities: { custody } }: RecordingFacts) =>
  custody === 'landing' ? 'files do not pass through it' : undefined;

/** Drivers broken on purpose, each against another rule: proof that the cases can fail. */
export const mutants: readonly Mutant[] = [
  {
    name: 'starts twice',
    caughtBy: 'REC-START-001',
    harmless: inTurns,
    mutate: (driver) =>
      brokenDriver(driver, {
        async doStart(plan, context) {
          const token = `${plan.command.token.slice(0, -1)}${plan.command.token.endsWith('0') ? '1' : '0'}`;
          await driver.doStart({ ...plan, command: { ...plan.command, token } }, context);
          return driver.doStart(plan, context);
        },
      }),
  },
  {
    name: 'sends another token with each attempt',
    caughtBy: 'REC-START-007',
    harmless: (facts) =>
      facts.capabilities.starts.concurrent === 1
        ? 'the provider makes one recording at a time, and tells of the one whose answer was lost'
        : inTurns(facts),
    mutate(driver) {
      let attempt = 0;
      return brokenDriver(driver, {
        doStart(plan, context) {
          attempt += 1;
          return driver.doStart({ ...plan, command: { ...plan.command, token: `attempt-${attempt}` } }, context);
        },
      });
    },
  },
  {
    name: 'only pretends to pause',
    caughtBy: 'REC-PAUSE-002',
    harmless: notNative,
    mutate: (driver) =>
      brokenDriver(driver, {
        doPause: async (part, command, { clock }) => ({
          kind: 'done',
          reports: [pretended(part.correlation, command.commandId, false, clock.now())],
        }),
      }),
  },
  {
    name: 'pauses in another way than it is asked to',
    caughtBy: 'REC-PAUSE-007',
    harmless: (facts) =>
      facts.capabilities.pause !== false && facts.capabilities.pause.effects.length > 1
        ? notNative(facts)
        : 'it pauses in one way only',
    mutate(driver) {
      const { doPause, doResume } = driver;
      if (!doPause || !doResume) return driver;
      return brokenDriver(driver, {
        doStart: (plan, context) => driver.doStart(otherEffect(driver, plan), context),
        doPause: (part, ...call) => doPause.call(driver, otherEffect(driver, part), ...call),
        doResume: (part, ...call) => doResume.call(driver, otherEffect(driver, part), ...call),
      });
    },
  },
  {
    name: 'declares a pause that it lacks',
    caughtBy: 'REC-PAUSE-001',
    harmless: notNative,
    mutate: (driver) => brokenDriver(driver, { doPause: undefined }),
  },
  {
    name: 'confirms a start that was only accepted',
    caughtBy: 'REC-FILE-003',
    mutate: (driver) =>
      brokenDriver(driver, {
        async doStart(plan, context) {
          const { reports = [], ...outcome } = await driver.doStart(plan, context);
          const early = pretended(plan.correlation, plan.command.commandId, !plan.startPaused, context.clock.now());
          return { ...outcome, kind: 'done', reports: [...reports, early] };
        },
      }),
  },
  {
    name: 'swaps the channels',
    caughtBy: 'REC-LAYOUT-001',
    harmless: (facts) =>
      facts.capabilities.outputs.some(({ layout }) => layout === 'separate') ? inTurns(facts) : 'it has one channel',
    mutate: (driver) =>
      withReports(driver, (report) => withTracks(report, (track) => ({ ...track, from: opposite[track.from] }))),
  },
  {
    name: 'loses the end',
    caughtBy: 'REC-STOP-003',
    harmless: inTurns,
    mutate: (driver) =>
      withReports(driver, ({ seen: { ended: _, endReason: __, media: ___, ...seen }, ...report }) => ({
        ...report,
        seen,
      })),
  },
  {
    name: 'counts a repeated event again',
    caughtBy: 'REC-EVENT-001',
    harmless: (facts) => inTurns(facts) ?? notHosted(facts),
    mutate(driver) {
      let delivery = 0;
      const counting = withReports(driver, (report) => {
        if (report.via !== 'push') return report;
        delivery += 1;
        const unique = withMedia(report, (file) => ({ ...file, key: `${file.key}#${delivery}` }));
        return { ...unique, reportId: `${report.reportId}#${delivery}` };
      });
      const { doOpenArtifact } = driver;
      if (!doOpenArtifact) return counting;
      return brokenDriver(counting, {
        doOpenArtifact: (artifact, ...call) =>
          doOpenArtifact.call(driver, { ...artifact, mediaKey: artifact.mediaKey.replace(/#\d+$/, '') }, ...call),
      });
    },
  },
  {
    name: 'takes forgeries for noise',
    caughtBy: 'REC-EVENT-004',
    mutate(driver) {
      const { parse } = driver;
      if (!parse) return driver;
      return brokenDriver(driver, {
        async parse(request, context) {
          try {
            return await parse.call(driver, request, context);
          } catch (error) {
            if (!OnRecordError.is(error, 'signature-invalid')) throw error;
            return { reports: [], calls: [], unhandled: 1 };
          }
        },
      });
    },
  },
  {
    name: 'calls every failure unknown',
    caughtBy: 'REC-START-006',
    mutate: (driver) =>
      brokenDriver(driver, {
        classifyError: () => ({ code: 'unknown', retry: 'never', blame: 'library' }),
      }),
  },
  {
    name: 'cuts files off',
    caughtBy: 'REC-FILE-001',
    harmless: notHosted,
    mutate(driver) {
      const { doOpenArtifact } = driver;
      if (!doOpenArtifact) return driver;
      return brokenDriver(driver, {
        async doOpenArtifact(...call) {
          const { body } = await doOpenArtifact.apply(driver, call);
          return { body: cut(body) };
        },
      });
    },
  },
];

/** The part with another effect of a pause than the one that was asked for. */
function otherEffect<P extends PartTarget>({ capabilities: { pause } }: RecordingDriver, part: P): P {
  const effects = pause === false ? [] : pause.effects;
  return { ...part, pauseEffect: effects.find((effect) => effect !== part.pauseEffect) };
}

/** A report that the provider never gave. */
function pretended(correlation: string, commandId: string, capturing: boolean, nowMs: number): Report {
  const now = timestamp(nowMs);
  return {
    reportId: `pretended/${commandId}`,
    subject: { correlation },
    seen: { capturing },
    cause: { commandId },
    clock: { domain: 'ours', at: now },
    via: 'answer',
    receivedAt: now,
  };
}

/** All but the last kilobyte of a stream. */
async function* cut(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let held: Uint8Array | undefined;
  for await (const piece of body) {
    if (held) yield held;
    held = piece;
  }
  if (held) yield held.subarray(0, Math.max(0, held.length - 1024));
}
