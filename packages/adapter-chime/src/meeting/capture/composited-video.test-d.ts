/** Type tests of the grid: what the compiler refuses before the driver has to. */
import type { ChimeMeetingOptions, ChimeMeetingStartOptions } from '../../index.ts';

export const right: ChimeMeetingStartOptions = {
  video: 'composited',
  compositedVideo: {
    Resolution: 'FHD',
    GridViewConfiguration: {
      ContentShareLayout: 'Horizontal',
      HorizontalLayoutConfiguration: { TilePosition: 'Top', TileCount: 2 },
      VideoAttribute: { BorderColor: 'Blue' },
      CanvasOrientation: 'Landscape',
    },
  },
};

export const misplaced: ChimeMeetingStartOptions = {
  compositedVideo: {
    // @ts-expect-error belongs in the grid
    CanvasOrientation: 'Portrait',
    GridViewConfiguration: { ContentShareLayout: 'PresenterOnly' },
  },
};

export const ofAnotherLayout: ChimeMeetingStartOptions = {
  compositedVideo: {
    GridViewConfiguration: {
      ContentShareLayout: 'PresenterOnly',
      // @ts-expect-error belongs to the layout Vertical
      VerticalLayoutConfiguration: { TilePosition: 'Left' },
    },
  },
};

export const below: ChimeMeetingStartOptions = {
  compositedVideo: {
    GridViewConfiguration: {
      ContentShareLayout: 'Vertical',
      // @ts-expect-error vertical tiles are left or right
      VerticalLayoutConfiguration: { TilePosition: 'Bottom' },
    },
  },
};

export const keyAlone: ChimeMeetingOptions = {
  region: 'us-east-1',
  bucket: 'recordings',
  // @ts-expect-error a key needs the role that may use it
  encryption: { kmsKeyId: 'alias/mine' },
};
