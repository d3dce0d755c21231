import { unknownMembers } from '@onrecord/core';
import type { Problem } from '../../options/problem.ts';

type Corner = 'TopLeft' | 'TopRight' | 'BottomLeft' | 'BottomRight';
type Color = 'Black' | 'Blue' | 'Red' | 'Green' | 'White' | 'Yellow';

interface Tiles {
  /** Default `JoinSequence`. */
  readonly TileOrder?: 'JoinSequence' | 'SpeakerSequence' | undefined;
  /** 1 to 10, default 4. */
  readonly TileCount?: number | undefined;
  /** Such as `16/9`, one or two digits each. */
  readonly TileAspectRatio?: string | undefined;
}

/** How cameras and shared content share the picture while somebody shares; each layout has its own settings. */
export type ContentShareLayout =
  | {
      readonly ContentShareLayout: 'PresenterOnly';
      readonly PresenterOnlyConfiguration?: { readonly PresenterPosition?: Corner | undefined } | undefined;
    }
  | {
      readonly ContentShareLayout: 'ActiveSpeakerOnly';
      readonly ActiveSpeakerOnlyConfiguration?: { readonly ActiveSpeakerPosition?: Corner | undefined } | undefined;
    }
  | {
      readonly ContentShareLayout: 'Horizontal';
      readonly HorizontalLayoutConfiguration?:
        | (Tiles & { readonly TilePosition?: 'Top' | 'Bottom' | undefined })
        | undefined;
    }
  | {
      readonly ContentShareLayout: 'Vertical';
      readonly VerticalLayoutConfiguration?:
        | (Tiles & { readonly TilePosition?: 'Left' | 'Right' | undefined })
        | undefined;
    };

/**
 * The grid of a composited recording, in the words of the API, so that what the service's pages print can be used. Where
 * those pages put a member in another place than the API does, the problem names the right one.
 *
 * @see {@link https://docs.aws.amazon.com/chime-sdk/latest/APIReference/API_media-pipelines-chime_CompositedVideoArtifactsConfiguration.html}
 */
export interface CompositedVideo {
  readonly Layout?: 'GridView' | undefined;
  /** 1280 × 720 or 1920 × 1080. */
  readonly Resolution?: 'HD' | 'FHD' | undefined;
  readonly GridViewConfiguration: ContentShareLayout & {
    /** Of every tile; widths and radius 1 to 20 pixels. */
    readonly VideoAttribute?:
      | {
          readonly CornerRadius?: number | undefined;
          readonly BorderColor?: Color | undefined;
          readonly HighlightColor?: Color | undefined;
          readonly BorderThickness?: number | undefined;
        }
      | undefined;
    readonly CanvasOrientation?: 'Landscape' | 'Portrait' | undefined;
  };
}

type Rule = (value: unknown) => string | undefined;
interface Members {
  readonly [name: string]: Rule | Members;
}

const oneOf =
  (...values: readonly string[]): Rule =>
  (value) =>
    typeof value === 'string' && values.includes(value) ? undefined : `Must be ${values.join(' or ')}.`;

const between =
  (least: number, most: number): Rule =>
  (value) =>
    typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most
      ? undefined
      : `Must be a whole number from ${least} to ${most}.`;

const corner = oneOf('TopLeft', 'TopRight', 'BottomLeft', 'BottomRight');
const color = oneOf('Black', 'Blue', 'Red', 'Green', 'White', 'Yellow');
const tiles: Members = {
  TileOrder: oneOf('JoinSequence', 'SpeakerSequence'),
  TileCount: between(1, 10),
  TileAspectRatio: (value) =>
    typeof value === 'string' && /^\d{1,2}\/\d{1,2}$/.test(value) ? undefined : 'Must be text such as "16/9".',
};

/** Settings of a layout by the layout that they belong to. */
const layoutSettings: { readonly [layout: string]: string } = {
  PresenterOnly: 'PresenterOnlyConfiguration',
  ActiveSpeakerOnly: 'ActiveSpeakerOnlyConfiguration',
  Horizontal: 'HorizontalLayoutConfiguration',
  Vertical: 'VerticalLayoutConfiguration',
};

const members: Members = {
  Layout: oneOf('GridView'),
  Resolution: oneOf('HD', 'FHD'),
  GridViewConfiguration: {
    ContentShareLayout: oneOf(...Object.keys(layoutSettings)),
    PresenterOnlyConfiguration: { PresenterPosition: corner },
    ActiveSpeakerOnlyConfiguration: { ActiveSpeakerPosition: corner },
    HorizontalLayoutConfiguration: { ...tiles, TilePosition: position('Top or Bottom', ['Left', 'Right'], 'Vertical') },
    VerticalLayoutConfiguration: { ...tiles, TilePosition: position('Left or Right', ['Top', 'Bottom'], 'Horizontal') },
    VideoAttribute: {
      CornerRadius: between(1, 20),
      BorderColor: color,
      HighlightColor: color,
      BorderThickness: between(1, 20),
    },
    CanvasOrientation: oneOf('Landscape', 'Portrait'),
  },
};

/** The pages of the service print the positions of the one layout for the other. */
function position(right: string, mistaken: readonly string[], other: string): Rule {
  return (value) => {
    if (right.split(' or ').includes(String(value))) return undefined;
    const hint = mistaken.includes(String(value)) ? `: ${value} belongs to ${layoutSettings[other]}` : '';
    return `Must be ${right}${hint}.`;
  };
}

/** Everything wrong with a grid, at `path`, whatever it holds. */
export function compositedVideoProblems(value: unknown, path: string): readonly Problem[] {
  const problems = problemsOf(value, members, path);
  const grid = isObject(value) ? value['GridViewConfiguration'] : undefined;
  if (!isObject(value)) return problems;
  if (grid === undefined) return [...problems, { path: `${path}.GridViewConfiguration`, message: 'Missing.' }];
  if (!isObject(grid)) return problems;
  const at = `${path}.GridViewConfiguration`;
  const { ContentShareLayout: layout } = grid;
  if (layout === undefined) return [...problems, { path: `${at}.ContentShareLayout`, message: 'Missing.' }];
  const others = Object.entries(layoutSettings).filter(([name, setting]) => name !== layout && setting in grid);
  const idle = others.map(([name, setting]) => ({
    path: `${at}.${setting}`,
    message: `Belongs to ContentShareLayout ${name}; here it is ${String(layout)}.`,
  }));
  return [...problems, ...idle];
}

/** Where a member of a grid belongs, for one that was found elsewhere: `….GridViewConfiguration.CanvasOrientation`. */
export function placeOf(name: string, root: string): string | undefined {
  const places = placesIn(members, root).filter((place) => place.endsWith(`.${name}`));
  return places.length === 0 ? undefined : places.join(' or ');
}

function placesIn(known: Members, path: string): readonly string[] {
  return Object.entries(known).flatMap(([name, rule]) => {
    const place = `${path}.${name}`;
    return typeof rule === 'function' ? [place] : [place, ...placesIn(rule, place)];
  });
}

function problemsOf(value: unknown, known: Members, path: string): readonly Problem[] {
  if (!isObject(value)) return [{ path, message: 'Must be an object.' }];
  const [root = path] = path.split('.GridViewConfiguration');
  const unknown = unknownMembers(value, Object.keys(known), path).map((problem) => {
    const place = placeOf(problem.path.slice(path.length + 1), root);
    return place ? { path: problem.path, message: `Belongs in ${place}.` } : problem;
  });
  const wrong = Object.entries(known).flatMap(([name, rule]): readonly Problem[] => {
    const member = value[name];
    if (member === undefined) return [];
    if (typeof rule !== 'function') return problemsOf(member, rule, `${path}.${name}`);
    const message = rule(member);
    return message === undefined ? [] : [{ path: `${path}.${name}`, message }];
  });
  return [...unknown, ...wrong];
}

function isObject(value: unknown): value is { readonly [name: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
