import { type PixelRect, pixelRect } from '../geometry/rect.ts';
import type { FramePlace } from '../raster/framePlace.ts';
import { MaskReader } from '../raster/maskReader.ts';
import { checkPng } from './decode.ts';
import { readImageInfo } from './header/readImageInfo.ts';
import { decodePiecesNatively } from './nativeDecode.ts';
import { orientPixels, uprightRect, uprightSize } from './orientation.ts';
import type { Pause } from './pause.ts';
import { decodePngPieces } from './png/decode.ts';
import type { MaskFile } from './protocol.ts';

/** About how many pixels of a PNG are decoded at once: 2 MB of RGBA. */
const PIECE_PIXELS = 1 << 19;

/**
 * A picture as a mask. Its numbers are taken as they are stored: what a profile or a gamma says of colours is nothing
 * to a mask. It is decoded piece by piece, so that only the tiles with an edge stay in memory.
 */
export async function readMask(blob: Blob, pause: Pause): Promise<MaskFile> {
  const info = await readImageInfo(blob);
  const size = uprightSize(info, info.orientation);
  const reader = new MaskReader(size.width, size.height, info.hasAlpha);
  const take = (rgba: Uint8Array<ArrayBuffer>, rect: PixelRect) =>
    reader.add(orientPixels(rgba, rect, info.orientation), uprightRect(rect, info, info.orientation));
  let place: FramePlace | null = null;
  if (info.type === 'image/png') {
    const file = await checkPng(blob, pause);
    place = file.place;
    const rows = Math.max(1, Math.floor(PIECE_PIXELS / info.width));
    await decodePngPieces(file, rows, pause, (rgba, top, height) =>
      take(rgba, pixelRect(0, top, info.width, height)),
    );
  } else {
    await decodePiecesNatively(blob, info, false, pause, take);
  }
  return { ...reader.finish({ own: !!place?.picture, lossy: info.lossy }), size, place };
}
