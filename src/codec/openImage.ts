import type { ImageRef } from '../raster/layerStack.ts';
import { colourOf } from './colour/documentColour.ts';
import { decodePixels, type Pixels, readOwnFormat } from './decode.ts';
import type { ImageInfo } from './header/imageInfo.ts';
import { readImageInfo } from './header/readImageInfo.ts';
import type { ImageStore } from './imageStore.ts';
import { canReadStraight, decodeForScreen } from './nativeDecode.ts';
import { orientBitmap, uprightSize } from './orientation.ts';
import type { Pause } from './pause.ts';
import type { Notice, OpenedImage } from './protocol.ts';

/** Longer edge of the picture that is shown first. */
const PROXY_EDGE = 2048;

/**
 * Proves that the file can be decoded (structure, checksums, and the browser's own decoder for the proxy), then
 * registers it. The exact decode starts afterwards: what needs pixels waits for it.
 */
export async function openImage(
  store: ImageStore,
  id: string,
  blob: Blob,
  pause: Pause,
): Promise<OpenedImage> {
  const info = await readImageInfo(blob);
  const shown = decodeForScreen(blob, info, PROXY_EDGE);
  // When the checksums fail first, the bitmap is not needed any more.
  const closed = () => shown.then((bitmap) => bitmap.close()).catch(() => undefined);
  const own = await readOwnFormat(blob, info, pause).catch((error: unknown) => {
    void closed();
    throw error;
  });
  const proxy = orientBitmap(await shown, info.orientation);
  const ref: ImageRef = { id, ...uprightSize(info, info.orientation) };
  store.add(id, (later) => decodePixels(blob, info, own, later));
  store.prefetch(id);
  return { ref, proxy, notices: noticesOf(info), type: info.type, hasAlpha: info.hasAlpha };
}

/** The pixels of a file that was proven before, or that a service sent. */
export async function decodeFile(blob: Blob, pause: Pause): Promise<Pixels> {
  const info = await readImageInfo(blob);
  return decodePixels(blob, info, await readOwnFormat(blob, info, pause), pause);
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
