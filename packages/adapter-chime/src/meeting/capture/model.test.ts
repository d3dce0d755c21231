import { describe, expect, test } from 'vitest';
import { referenceFiles, withoutReference } from '../../testing/reference.ts';
import { compositedVideoProblems, placeOf } from './composited-video.ts';

interface Shape {
  readonly type: string;
  readonly members?: Readonly<
    Record<string, { readonly target: string; readonly traits?: Readonly<Record<string, unknown>> }>
  >;
  readonly traits?: Readonly<Record<string, unknown>>;
}

interface Leaf {
  /** Names from the grid down. */
  readonly path: readonly string[];
  readonly right: readonly unknown[];
  readonly wrong: readonly unknown[];
}

function model(): Readonly<Record<string, Shape>> {
  const [, found] = referenceFiles('.').find(([name]) => name.startsWith('chime-sdk-media-pipelines')) ?? [];
  return (found as { readonly shapes: Readonly<Record<string, Shape>> }).shapes;
}

/** Every member of a structure of the model that is a value, with what it may hold and what it may not. */
function leaves(
  shapes: Readonly<Record<string, Shape>>,
  target: string,
  path: readonly string[] = [],
): readonly Leaf[] {
  const shape = shapes[target]!;
  if (shape.type === 'structure') {
    return Object.entries(shape.members ?? {}).flatMap(([name, member]) =>
      leaves(shapes, member.target, [...path, name]),
    );
  }
  if (shape.type === 'enum') {
    const values = Object.values(shape.members ?? {}).map(({ traits }) => traits?.['smithy.api#enumValue']);
    return [{ path, right: values, wrong: ['', 'Nothing', 1] }];
  }
  if (shape.type === 'integer') {
    const range = shape.traits?.['smithy.api#range'] as { readonly min: number; readonly max: number } | undefined;
    const { min, max } = range ?? { min: 0, max: 0 };
    return [{ path, right: [min, max], wrong: [min - 1, max + 1, min + 0.5, String(min)] }];
  }
  return [{ path, right: ['16/9', '4/3'], wrong: ['', '16:9', '160/9', 16] }];
}

/** A grid with one value somewhere in it, and the layout that it needs. */
function gridWith(path: readonly string[], value: unknown): object {
  const [top = '', ...rest] = path;
  const layout = rest[0]?.replace(/(Layout)?Configuration$/, '');
  const fits = ['PresenterOnly', 'ActiveSpeakerOnly', 'Horizontal', 'Vertical'].includes(layout ?? '');
  const GridViewConfiguration = { ContentShareLayout: fits ? layout : 'PresenterOnly' };
  if (top !== 'GridViewConfiguration') return { GridViewConfiguration, [top]: value };
  const [name = '', inner] = rest;
  const member = inner === undefined ? value : { [inner]: value };
  return { GridViewConfiguration: { ...GridViewConfiguration, [name]: member } };
}

describe.skipIf(withoutReference)('the grid is that of the model', () => {
  const root = 'com.amazonaws.chimesdkmediapipelines#CompositedVideoArtifactsConfiguration';
  const all = withoutReference ? [] : leaves(model(), root);

  test.each(all.map((leaf) => [leaf.path.join('.'), leaf] as const))('%s', (_, { path, right, wrong }) => {
    const at = ['compositedVideo', ...path].join('.');
    for (const value of right) expect(compositedVideoProblems(gridWith(path, value), 'compositedVideo')).toEqual([]);
    for (const value of wrong) {
      const paths = compositedVideoProblems(gridWith(path, value), 'compositedVideo').map((problem) => problem.path);
      expect(paths, String(value)).toContain(at);
    }
    expect(placeOf(path.at(-1) ?? '', 'compositedVideo')?.split(' or ')).toContain(at);
  });

  test('and nothing more', () => {
    expect(all).toHaveLength(18);
  });
});
