import type { PixelRect } from '../geometry/rect.ts';

/** Of a PNG: type, and data without length and checksum. */
export interface AncillaryChunk {
  readonly type: string;
  readonly data: Uint8Array;
}

/** Size of the document's picture, whose corner is document px (0, 0). */
export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/**
 * Where an exported frame lies. `oFFs` (PNG extensions 1.6): the file's corner seen from the picture's, when they
 * differ. `tEXt` Lacuna, JSON: `frame` in document px, and `picture` in px of the file, whose corner may be negative.
 */
export function framePlaceChunks(frame: PixelRect, { width, height }: PictureSize): AncillaryChunk[] {
  const { x, y } = frame;
  const place = {
    frame: { x, y, width: frame.width, height: frame.height },
    picture: { x: 0 - x, y: 0 - y, width, height },
  };
  const chunks = [textChunk('Lacuna', JSON.stringify(place))];
  if (x === 0 && y === 0) return chunks;
  const offset = new Uint8Array(9);
  const fields = new DataView(offset.buffer);
  fields.setInt32(0, x);
  fields.setInt32(4, y);
  // The unit, byte 8, is 0: pixels.
  return [{ type: 'oFFs', data: offset }, ...chunks];
}

/** A text of Latin-1 under a keyword of 1 to 79 characters. */
export const textChunk = (keyword: string, text: string): AncillaryChunk => ({
  type: 'tEXt',
  data: Uint8Array.from(`${keyword}\0${text}`, (c) => c.charCodeAt(0)),
});
