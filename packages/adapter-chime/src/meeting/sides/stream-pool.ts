import type {
  KinesisVideoStreamPoolConfiguration,
  KinesisVideoStreamPoolStatus,
} from '@aws-sdk/client-chime-sdk-media-pipelines';
import { OnRecordError } from '@onrecord/core';
import { type Problem, problemsOf, type Rules } from '../../options/problem.ts';
import { region } from '../../options/rules.ts';
import { tagProblems } from '../capture/tags.ts';
import { poolName } from './side-config.ts';

/** What every name of a pool made here begins with, unless the options say otherwise. */
export const defaultPoolPrefix = 'onrecord-';

/** What the service puts before the name of a pool to name its streams. */
const streamPrefix = 'ChimeMediaPipelines-';

/** A pool to be created. */
export interface ChimeStreamPoolSpec {
  /** 1 to 128 letters, digits, ".", "_" and "-"; begins with the prefix of the options. */
  readonly name: string;
  /**
   * Where the streams lie. Default the control region. A meeting whose media region is one that an account must opt in
   * to needs its streams there.
   */
  readonly region?: string | undefined;
  /** Hours for which each stream keeps what is written: at least 1, for 0 keeps nothing. */
  readonly retentionHours: number;
  readonly tags?: { readonly [key: string]: string } | undefined;
}

/** A pool as the service describes it. */
export interface ChimeStreamPool {
  readonly name: string;
  /** Its streams are named after it. */
  readonly id: string;
  readonly arn: string;
  readonly status: KinesisVideoStreamPoolStatus;
  /** Streams in it, where the service says. */
  readonly size?: number | undefined;
  readonly region: string;
  readonly retentionHours: number;
}

/** Everything wrong with a pool to be created, by field and rule. */
export function poolProblems(spec: unknown, prefix: string): readonly Problem[] {
  const rules: Rules = {
    name: { required: true, rule: (value) => nameProblem(value, prefix) },
    region: { rule: region },
    retentionHours: { required: true, rule: retention },
    tags: { rule: () => undefined },
  };
  const { tags } = (typeof spec === 'object' && spec !== null ? spec : {}) as { readonly tags?: unknown };
  return [...problemsOf(spec, rules), ...(tags === undefined ? [] : tagProblems(tags, 'tags'))];
}

export function nameProblem(value: unknown, prefix: string): string | undefined {
  const wrong = poolName(value);
  if (wrong) return wrong;
  return String(value).startsWith(prefix) ? undefined : `Must begin with ${prefix}: no other pool is touched.`;
}

export function retention(value: unknown): string | undefined {
  return Number.isInteger(value) && Number(value) >= 1 ? undefined : 'Must be a whole number of hours, at least 1.';
}

/** @throws OnRecordError `provider-contract` for an answer that describes no pool */
export function readPool(answer: KinesisVideoStreamPoolConfiguration | undefined): ChimeStreamPool {
  const { PoolName, PoolId, PoolArn, PoolStatus, PoolSize, StreamConfiguration } = answer ?? {};
  if (!PoolName || !PoolId || !PoolArn || !PoolStatus) {
    throw new OnRecordError('provider-contract', 'The answer describes no pool.', { blame: 'provider' });
  }
  return {
    name: PoolName,
    id: PoolId,
    arn: PoolArn,
    status: PoolStatus,
    ...(PoolSize === undefined ? {} : { size: PoolSize }),
    region: StreamConfiguration?.Region ?? '',
    retentionHours: StreamConfiguration?.DataRetentionInHours ?? 0,
  };
}

/** Whether a stream is one of this pool, by its name. */
export function isStreamOf(pool: Pick<ChimeStreamPool, 'id' | 'name'>, streamName: string, prefix: string): boolean {
  const ours = `${streamPrefix}${prefix}`;
  return (
    pool.id.startsWith(`${streamPrefix}${pool.name}-`) && pool.id.startsWith(ours) && streamName.startsWith(pool.id)
  );
}
