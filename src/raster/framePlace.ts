import { contains, type PixelRect, pixelRect } from '../geometry/rect.ts';

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

/** Where a file says that it lies: its corner in document px, and the picture that it belongs to, when it is told. */
export interface FramePlace {
  readonly x: number;
  readonly y: number;
  readonly picture: PictureSize | null;
}

/** Reads what `framePlaceChunks` writes. Editors that keep the offset and lose the text leave the corner known. */
export function framePlaceOf(chunks: readonly AncillaryChunk[], file: PictureSize): FramePlace | null {
  for (const { type, data } of chunks) {
    const place = type === 'tEXt' ? placeInText(data, file) : null;
    if (place) return place;
  }
  const offset = chunks.find(({ type, data }) => type === 'oFFs' && data.length === 9 && data[8] === 0)?.data;
  if (!offset) return null;
  const fields = new DataView(offset.buffer, offset.byteOffset);
  return { x: fields.getInt32(0), y: fields.getInt32(4), picture: null };
}

function placeInText(data: Uint8Array, file: PictureSize): FramePlace | null {
  const text = String.fromCharCode(...data.subarray(0, 500));
  if (!text.startsWith('Lacuna\0')) return null;
  try {
    const { frame, picture } = JSON.parse(text.slice('Lacuna\0'.length));
    const numbers = [frame.x, frame.y, picture.width, picture.height];
    // A file that was cropped or scaled since lies elsewhere.
    if (frame.width !== file.width || frame.height !== file.height || !numbers.every(Number.isSafeInteger)) {
      return null;
    }
    return { x: frame.x, y: frame.y, picture: { width: picture.width, height: picture.height } };
  } catch {
    return null;
  }
}

const sameSize = (a: PictureSize, b: PictureSize) => a.width === b.width && a.height === b.height;

/**
 * Where a mask of this size belongs in a document, px for px: where its file says that it lies in this very picture;
 * over the frame or the picture when it is as large; where an offset puts it inside of them. Null: it has to be scaled.
 */
export function maskPlace(
  size: PictureSize,
  told: FramePlace | null,
  frame: PixelRect,
  picture: PictureSize,
): PixelRect | null {
  const at = (x: number, y: number) => pixelRect(x, y, size.width, size.height);
  if (told?.picture && sameSize(told.picture, picture)) return at(told.x, told.y);
  if (sameSize(size, frame)) return at(frame.x, frame.y);
  if (sameSize(size, picture)) return at(0, 0);
  const offset = told && at(told.x, told.y);
  return offset && contains(frame, offset) ? offset : null;
}

/** Most that two aspects may differ and still count as one: rounding of a side to whole pixels. */
const SAME_ASPECT = 0.01;

export const sameAspect = (a: PictureSize, b: PictureSize) =>
  Math.abs((a.width * b.height) / (a.height * b.width) - 1) < SAME_ASPECT;

/** What a mask of another size is scaled to: the frame, or the picture in it where only that has its shape. */
export function scaledPlace(size: PictureSize, frame: PixelRect, picture: PictureSize): PixelRect {
  const fitsPicture = sameAspect(size, picture) && !sameAspect(size, frame);
  return fitsPicture ? pixelRect(0, 0, picture.width, picture.height) : frame;
}
