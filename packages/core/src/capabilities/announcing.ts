import type { AnnounceSource, Capabilities } from './capabilities.ts';
import type { Requirement, Strength } from './requirement.ts';

/** An object that names no strength requires. */
export function strengthOf(asked: Strength | { readonly strength?: Strength | undefined }): Strength {
  return typeof asked === 'object' ? (asked.strength ?? 'required') : asked;
}

/**
 * Of what a workflow announces from, what the provider does not; undefined where it announces nothing at all. Text is what
 * a workflow announces from that says nothing about it: the one source that means the same everywhere.
 */
export function missingSources(
  { announce }: Pick<Capabilities, 'announce'>,
  asked: Requirement['announce'],
): readonly AnnounceSource[] | undefined {
  if (announce === false) return undefined;
  const wanted = asked === undefined ? [] : ((typeof asked === 'object' ? asked.sources : undefined) ?? ['text']);
  return wanted.filter((source) => !announce.sources.includes(source));
}

/** Whether a workflow cannot do without announcing. */
export function requiresAnnounce({ announce }: Requirement): boolean {
  return announce !== undefined && strengthOf(announce) === 'required';
}
