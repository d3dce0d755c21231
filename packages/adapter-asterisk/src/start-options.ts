import { OnRecordError, type StartPlan, unknownMembers } from '@onrecord/core';
import type { WavRate } from './config/options.ts';
import { describe } from './config/problem.ts';

/** What `providerOptions` of a start may hold. */
export interface AsteriskStartOptions {
  /** Milliseconds of silence after which a file ends by itself; rounded up to whole seconds, which is what Asterisk counts. */
  readonly maxSilenceMs?: number | undefined;
  /**
   * Key that ends the recording when somebody on the bridge presses it. Only for `mixed` on a bridge: where Asterisk
   * listens in on a channel, it hears no keys. @default 'none'
   */
  readonly terminateOn?: 'none' | 'any' | '*' | '#' | undefined;
  /** Of WAV files. @default `sampleRateHz` of the driver */
  readonly sampleRateHz?: WavRate | undefined;
}

/** What every `record` request of a part says besides its name. */
export interface FileOptions {
  /** Asterisk's name of container and rate. */
  readonly format: 'wav' | 'wav16' | 'opus';
  readonly maxDurationSeconds?: number | undefined;
  readonly maxSilenceSeconds?: number | undefined;
  readonly terminateOn?: 'any' | '*' | '#' | undefined;
}

const known = ['maxSilenceMs', 'terminateOn', 'sampleRateHz'] as const;
const keys = ['none', 'any', '*', '#'] as const;
/** Asterisk reads it into a signed 32-bit number. */
const longestSeconds = 2_147_483_647;

/**
 * The options of the start in Asterisk's terms.
 * @throws OnRecordError `invalid-request` that lists every option that is unknown or does not fit.
 */
export function fileOptionsOf(plan: StartPlan, { sampleRateHz }: { readonly sampleRateHz: WavRate }): FileOptions {
  const { providerOptions: given = {}, output, maxDurationMs } = plan;
  const problems = [...unknownMembers(given, known, 'providerOptions').map(describe)];
  const { maxSilenceMs, terminateOn = 'none', sampleRateHz: rate } = given;
  if (maxSilenceMs !== undefined && !(typeof maxSilenceMs === 'number' && maxSilenceMs > 0)) {
    problems.push('providerOptions.maxSilenceMs: must be a positive number of milliseconds.');
  }
  const key = keys.find((one) => one === terminateOn);
  if (key === undefined) problems.push(`providerOptions.terminateOn: must be ${keys.join(', ')}.`);
  if (key !== 'none' && !(output.layout === 'mixed' && plan.call.kind === 'asterisk.bridge')) {
    problems.push('providerOptions.terminateOn: works for mixed on a bridge only, for nothing else hears keys.');
  }
  if (rate !== undefined && rate !== 8000 && rate !== 16000) {
    problems.push('providerOptions.sampleRateHz: must be 8000 or 16000.');
  }
  if (rate !== undefined && output.container !== 'wav') {
    problems.push('providerOptions.sampleRateHz: belongs to wav; Opus has 48000.');
  }
  const maxDurationSeconds = secondsOf(maxDurationMs);
  const maxSilenceSeconds = typeof maxSilenceMs === 'number' ? secondsOf(maxSilenceMs) : undefined;
  for (const [name, seconds] of [
    ['maxDurationMs', maxDurationSeconds],
    ['providerOptions.maxSilenceMs', maxSilenceSeconds],
  ] as const) {
    if (seconds !== undefined && seconds > longestSeconds) {
      problems.push(`${name}: must be at most ${longestSeconds} seconds, which is all that Asterisk can count.`);
    }
  }
  if (problems.length > 0) throw new OnRecordError('invalid-request', problems.join(' '), { context: { problems } });
  const wide = (rate ?? sampleRateHz) === 16000;
  return {
    format: output.container === 'ogg' ? 'opus' : wide ? 'wav16' : 'wav',
    ...(maxDurationSeconds === undefined ? {} : { maxDurationSeconds }),
    ...(maxSilenceSeconds === undefined ? {} : { maxSilenceSeconds }),
    ...(key === undefined || key === 'none' ? {} : { terminateOn: key }),
  };
}

/** Rounded up: 0 would mean no limit, and what was to be kept is never cut. */
function secondsOf(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : Math.ceil(ms / 1_000);
}
