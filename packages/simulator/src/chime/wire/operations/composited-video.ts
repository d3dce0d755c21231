import { integer, oneOf, required, type Shape, structure, text } from '../shape.ts';

const corner = oneOf('TopLeft', 'TopRight', 'BottomLeft', 'BottomRight');
const color = oneOf('Black', 'Blue', 'Red', 'Green', 'White', 'Yellow');
const tiles = {
  TileOrder: oneOf('JoinSequence', 'SpeakerSequence'),
  TileCount: integer({ min: 1, max: 10 }),
  TileAspectRatio: text({ pattern: '^\\d{1,2}\\/\\d{1,2}$' }),
};

/** `CompositedVideoArtifactsConfiguration` of the media pipelines model. */
export const compositedVideo: Shape = structure({
  Layout: oneOf('GridView'),
  Resolution: oneOf('HD', 'FHD'),
  GridViewConfiguration: required(
    structure({
      ContentShareLayout: required(oneOf('PresenterOnly', 'Horizontal', 'Vertical', 'ActiveSpeakerOnly')),
      PresenterOnlyConfiguration: structure({ PresenterPosition: corner }),
      ActiveSpeakerOnlyConfiguration: structure({ ActiveSpeakerPosition: corner }),
      HorizontalLayoutConfiguration: structure({ ...tiles, TilePosition: oneOf('Top', 'Bottom') }),
      VerticalLayoutConfiguration: structure({ ...tiles, TilePosition: oneOf('Left', 'Right') }),
      VideoAttribute: structure({
        CornerRadius: integer({ min: 1, max: 20 }),
        BorderColor: color,
        HighlightColor: color,
        BorderThickness: integer({ min: 1, max: 20 }),
      }),
      CanvasOrientation: oneOf('Landscape', 'Portrait'),
    }),
  ),
});
