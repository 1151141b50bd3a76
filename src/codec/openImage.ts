import type { ImageRef } from '../raster/layerStack.ts';
import { colourOf } from './colour/documentColour.ts';
import type { ImageInfo } from './header/imageInfo.ts';
import { readImageInfo } from './header/readImageInfo.ts';
import { canReadStraight, decodeForScreen } from './nativeDecode.ts';
import { orientBitmap, uprightSize } from './orientation.ts';
import type { Notice, OpenedImage } from './protocol.ts';

/** Longer edge of the picture that is shown first. */
const PROXY_EDGE = 2048;

/**
 * Proves that a file can be decoded (structure, the browser's own decoder, and `verify` for what that one forgives)
 * and makes the picture that is shown first. On the main thread, because nothing here computes: browsers decode and
 * scale beside it, and a worker would have to start first. Measured at 4096² in Chromium 156: no task above 36 ms.
 */
export async function openImage(
  id: string,
  blob: Blob,
  verify: (info: ImageInfo) => Promise<void>,
): Promise<OpenedImage> {
  const info = await readImageInfo(blob);
  const shown = decodeForScreen(blob, info, PROXY_EDGE);
  await verify(info).catch(async (error: unknown) => {
    await shown.then((bitmap) => bitmap.close()).catch(() => undefined);
    throw error;
  });
  const proxy = orientBitmap(await shown, info.orientation);
  const ref: ImageRef = { id, ...uprightSize(info, info.orientation) };
  return { ref, proxy, notices: noticesOf(info), type: info.type, hasAlpha: info.hasAlpha };
}

function noticesOf(info: ImageInfo): Notice[] {
  const notices: Notice[] = [];
  const converted = colourOf(info) === 'browser';
  if (info.bitDepth > 8) notices.push('sixteen-bit');
  if (info.cmyk) notices.push('cmyk');
  else if (converted) notices.push('colour-converted');
  if (info.animated) notices.push('first-frame');
  const ours = info.type === 'image/png' && !converted;
  if (info.hasAlpha && !ours && !canReadStraight()) notices.push('alpha-rounded');
  return notices;
}
