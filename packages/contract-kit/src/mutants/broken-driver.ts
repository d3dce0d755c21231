import type { MediaSighting, Outcome, RecordingDriver, Report, Track } from '@onrecord/core';

/** Methods in place of a driver's own; `undefined` takes one away. */
export type Broken = { readonly [M in keyof RecordingDriver]?: RecordingDriver[M] | undefined };

/** A driver that does what another does, but for the methods given. */
export function brokenDriver(driver: RecordingDriver, broken: Broken): RecordingDriver {
  const whole: RecordingDriver = {
    spec: driver.spec,
    type: driver.type,
    capabilities: driver.capabilities,
    doStart: driver.doStart.bind(driver),
    doStop: driver.doStop.bind(driver),
    classifyError: driver.classifyError.bind(driver),
    native: driver.native.bind(driver),
    close: driver.close.bind(driver),
    ...(driver.doPause ? { doPause: driver.doPause.bind(driver) } : {}),
    ...(driver.doResume ? { doResume: driver.doResume.bind(driver) } : {}),
    ...(driver.doDiscard ? { doDiscard: driver.doDiscard.bind(driver) } : {}),
    ...(driver.doStatus ? { doStatus: driver.doStatus.bind(driver) } : {}),
    ...(driver.doFind ? { doFind: driver.doFind.bind(driver) } : {}),
    ...(driver.doFinalize ? { doFinalize: driver.doFinalize.bind(driver) } : {}),
    ...(driver.doListen ? { doListen: driver.doListen.bind(driver) } : {}),
    ...(driver.doFollow ? { doFollow: driver.doFollow.bind(driver) } : {}),
    ...(driver.doAnnounce ? { doAnnounce: driver.doAnnounce.bind(driver) } : {}),
    ...(driver.parse ? { parse: driver.parse.bind(driver) } : {}),
    ...(driver.doOpenArtifact ? { doOpenArtifact: driver.doOpenArtifact.bind(driver) } : {}),
    ...(driver.doDeleteArtifact ? { doDeleteArtifact: driver.doDeleteArtifact.bind(driver) } : {}),
  };
  return Object.assign(whole, broken);
}

/** A driver whose every report, from wherever it comes, passes through `change`. */
export function withReports(driver: RecordingDriver, change: (report: Report) => Report): RecordingDriver {
  const changed = (outcome: Outcome): Outcome => {
    if (outcome.kind === 'done') return { ...outcome, reports: outcome.reports.map(change) };
    return outcome.reports ? { ...outcome, reports: outcome.reports.map(change) } : outcome;
  };
  const { doPause, doResume, doDiscard, doStatus, doFinalize, doListen, parse } = driver;
  return brokenDriver(driver, {
    doStart: async (...call) => changed(await driver.doStart(...call)),
    doStop: async (...call) => changed(await driver.doStop(...call)),
    ...(doPause ? { doPause: async (...call) => changed(await doPause.apply(driver, call)) } : {}),
    ...(doResume ? { doResume: async (...call) => changed(await doResume.apply(driver, call)) } : {}),
    ...(doDiscard ? { doDiscard: async (...call) => changed(await doDiscard.apply(driver, call)) } : {}),
    ...(doFinalize ? { doFinalize: async (...call) => changed(await doFinalize.apply(driver, call)) } : {}),
    ...(doStatus ? { doStatus: async (...call) => (await doStatus.apply(driver, call)).map(change) } : {}),
    ...(doListen
      ? {
          doListen: ({ opened, emit }, context) =>
            doListen.call(
              driver,
              { opened, emit: (parsed) => emit({ ...parsed, reports: parsed.reports.map(change) }) },
              context,
            ),
        }
      : {}),
    ...(parse
      ? {
          parse: async (...call) => {
            const parsed = await parse.apply(driver, call);
            return { ...parsed, reports: parsed.reports.map(change) };
          },
        }
      : {}),
  });
}

/** The report with each of its files changed. */
export function withMedia(report: Report, change: (file: MediaSighting) => MediaSighting): Report {
  const { media } = report.seen;
  return media ? { ...report, seen: { ...report.seen, media: media.map(change) } } : report;
}

/** The report with each track changed, of files seen and of files expected. */
export function withTracks(report: Report, change: (track: Track) => Track): Report {
  const changed = <File extends { readonly tracks?: readonly Track[] | undefined }>(file: File): File =>
    file.tracks ? { ...file, tracks: file.tracks.map(change) } : file;
  const { media, expects } = report.seen;
  return {
    ...report,
    seen: {
      ...report.seen,
      ...(media ? { media: media.map(changed) } : {}),
      ...(expects ? { expects: expects.map(changed) } : {}),
    },
  };
}
