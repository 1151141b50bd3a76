import type { ImageRef } from '../raster/layerStack.ts';
import { colourOf } from './colour/documentColour.ts';
import { checkPng } from './decode.ts';
import type { ImageInfo } from './header/imageInfo.ts';
import { readImageInfo } from './header/readImageInfo.ts';
import { canReadStraight, decodeForScreen } from './nativeDecode.ts';
import { orientBitmap, uprightSize } from './orientation.ts';
import type { Pause } from './pause.ts';
import type { Notice, OpenedImage } from './protocol.ts';

/** Longer edge of the picture that is shown first. */
const PROXY_EDGE = 2048;

/**
 * Proves that a file can be decoded (structure, a PNG's checksums, the browser's own decoder) and makes the picture
 * that is shown first. In the worker, because browsers decode beside it but scale on the calling thread: at 4096² that
 * was a task of 100 ms.
 */
export async function openImage(
  id: string,
  blob: Blob,
  screen: PredefinedColorSpace,
  pause: Pause,
): Promise<OpenedImage> {
  const info = await readImageInfo(blob);
  const colour = colourOf(info);
  const wide = colour !== 'browser' && colour.space !== null;
  const shown = decodeForScreen(blob, info, PROXY_EDGE, colour === 'browser' || wide);
  const checked = info.type === 'image/png' ? checkPng(blob, pause) : null;
  const [bitmap, check] = await Promise.allSettled([shown, checked]);
  if (bitmap.status === 'rejected') throw bitmap.reason;
  if (check.status === 'rejected') {
    bitmap.value.close();
    throw check.reason;
  }
  const proxy = orientBitmap(bitmap.value, info.orientation, wide ? screen : 'srgb');
  const ref: ImageRef = { id, ...uprightSize(info, info.orientation) };
  return {
    ref,
    proxy,
    notices: noticesOf(info, colour === 'browser'),
    type: info.type,
    hasAlpha: info.hasAlpha,
  };
}

function noticesOf(info: ImageInfo, converted: boolean): Notice[] {
  const notices: Notice[] = [];
  if (info.bitDepth > 8) notices.push('sixteen-bit');
  if (info.cmyk) notices.push('cmyk');
  else if (converted) notices.push('colour-converted');
  if (info.animated) notices.push('first-frame');
  const ours = info.type === 'image/png' && !converted;
  if (info.hasAlpha && !ours && !canReadStraight()) notices.push('alpha-rounded');
  return notices;
}
