import { type PixelRect, pixelRect } from '../geometry/rect.ts';
import { CodecError } from './codecError.ts';
import type { ImageInfo } from './header/imageInfo.ts';
import type { Pause } from './pause.ts';

/** Edge of a piece that is read back; every WebGL takes textures of this size. */
const PIECE = 2048;

/** The file without its orientation: what a browser's decoder gets. */
function withoutOrientation(blob: Blob, { orientationEdit: edit, type }: ImageInfo): Blob {
  if (!edit) return blob;
  return new Blob([blob.slice(0, edit.start), edit.bytes, blob.slice(edit.end)], { type });
}

const undecodable = (cause: unknown) => {
  throw new CodecError('undecodable', {}, { cause });
};

/**
 * A picture for the screen, as stored (not yet upright), its longer edge at most `maxEdge`. The browser decodes all
 * of it for that, so a broken file throws `undecodable`.
 *
 * @param managed the bitmap knows its colour space (Chromium keeps the file's), and whatever it is drawn into converts
 *   it; false where the numbers are sRGB already: Chromium would take a PNG's 45455 for a pure power
 */
export function decodeForScreen(
  blob: Blob,
  info: ImageInfo,
  maxEdge: number,
  managed: boolean,
): Promise<ImageBitmap> {
  const scale = Math.min(1, maxEdge / Math.max(info.width, info.height));
  const resize: ImageBitmapOptions =
    scale < 1
      ? {
          resizeWidth: Math.max(1, Math.round(info.width * scale)),
          resizeHeight: Math.max(1, Math.round(info.height * scale)),
          resizeQuality: 'medium',
        }
      : {};
  const colour: ImageBitmapOptions = { colorSpaceConversion: managed ? 'default' : 'none' };
  return createImageBitmap(withoutOrientation(blob, info), { ...colour, ...resize }).catch(undecodable);
}

/** Straight RGBA by the browser's decoder, as stored (not yet upright). */
export async function decodeNatively(
  blob: Blob,
  info: ImageInfo,
  toSrgb: boolean,
  pause: Pause,
): Promise<Uint8Array<ArrayBuffer>> {
  const out = new Uint8Array(info.width * info.height * 4);
  await decodePiecesNatively(blob, info, toSrgb, pause, (pixels, { x, y, width, height }) => {
    for (let row = 0; row < height; row++) {
      const start = row * width * 4;
      out.set(pixels.subarray(start, start + width * 4), ((y + row) * info.width + x) * 4);
    }
  });
  return out;
}

/**
 * As above, piece by piece.
 *
 * Measured in Chromium 156: a bitmap made with `premultiplyAlpha: 'none'` keeps partial alpha and hidden colours, but
 * a 2D canvas and `VideoFrame.copyTo` premultiply on the way out; only a WebGL texture returns it byte for byte.
 * Where alpha is 255, a 2D canvas is exact.
 *
 * @param toSrgb the browser converts to sRGB (for profiles that we can't read); otherwise the numbers stay
 */
export async function decodePiecesNatively(
  blob: Blob,
  info: ImageInfo,
  toSrgb: boolean,
  pause: Pause,
  visit: (rgba: Uint8Array<ArrayBuffer>, rect: PixelRect) => void,
): Promise<void> {
  const options: ImageBitmapOptions = {
    colorSpaceConversion: toSrgb ? 'default' : 'none',
    premultiplyAlpha: 'none',
  };
  const { width } = info;
  const read = (info.hasAlpha ? straightReader() : null) ?? opaqueReader();
  for await (const { bitmap, top } of bitmapsOf(withoutOrientation(blob, info), info, options)) {
    try {
      const { height } = bitmap;
      for (let y = 0; y < height; y += PIECE) {
        for (let x = 0; x < width; x += PIECE) {
          const rect = pixelRect(x, y, Math.min(PIECE, width - x), Math.min(PIECE, height - y));
          visit(await read(bitmap, rect), { ...rect, y: top + y });
          await pause();
        }
      }
    } finally {
      bitmap.close();
    }
  }
}

/** What a canvas, and whatever is made like one, may have of px everywhere (Safari's limit). */
const SURE = 2 ** 24;

/** The picture as one bitmap; where the browser has none of that size, as bands of it, each of which decodes the file again. */
async function* bitmapsOf(file: Blob, { width, height }: ImageInfo, options: ImageBitmapOptions) {
  const large = width * height > SURE;
  const whole = await createImageBitmap(file, options).catch(large ? () => null : undecodable);
  if (whole) {
    if (whole.width !== width || whole.height !== height) {
      whole.close();
      throw new CodecError('undecodable');
    }
    yield { bitmap: whole, top: 0 };
    return;
  }
  const rows = Math.floor(SURE / width);
  for (let top = 0; top < height; top += rows) {
    const band = Math.min(rows, height - top);
    yield { bitmap: await createImageBitmap(file, 0, top, width, band, options).catch(undecodable), top };
  }
}

type ReadPiece = (bitmap: ImageBitmap, rect: PixelRect) => Promise<Uint8Array<ArrayBuffer>>;

/** Through a 2D canvas: exact where alpha is 255. */
function opaqueReader(): ReadPiece {
  const context = new OffscreenCanvas(PIECE, PIECE).getContext('2d', { willReadFrequently: true })!;
  context.globalCompositeOperation = 'copy';
  return async (bitmap, { x, y, width, height }) => {
    context.drawImage(bitmap, x, y, width, height, 0, 0, width, height);
    return new Uint8Array(context.getImageData(0, 0, width, height).data.buffer);
  };
}

let gl: WebGL2RenderingContext | null | undefined;

/** One context for the worker's life: browsers allow few. */
function webgl(): WebGL2RenderingContext | null {
  if (gl === undefined || gl?.isContextLost()) {
    gl = new OffscreenCanvas(1, 1).getContext('webgl2', { antialias: false, depth: false });
  }
  return gl;
}

/** Partial alpha can be read without loss. */
export const canReadStraight = () => webgl() !== null;

/** Through a WebGL texture: exact with any alpha. Null where there is no WebGL. */
function straightReader(): ReadPiece | null {
  const context = webgl();
  if (!context) return null;
  return async (bitmap, { x, y, width, height }) => {
    const piece = await createImageBitmap(bitmap, x, y, width, height, {
      colorSpaceConversion: 'none',
      premultiplyAlpha: 'none',
    });
    const texture = context.createTexture();
    const frame = context.createFramebuffer();
    try {
      context.bindTexture(context.TEXTURE_2D, texture);
      context.texImage2D(context.TEXTURE_2D, 0, context.RGBA, context.RGBA, context.UNSIGNED_BYTE, piece);
      context.bindFramebuffer(context.FRAMEBUFFER, frame);
      context.framebufferTexture2D(
        context.FRAMEBUFFER,
        context.COLOR_ATTACHMENT0,
        context.TEXTURE_2D,
        texture,
        0,
      );
      const out = new Uint8Array(width * height * 4);
      context.readPixels(0, 0, width, height, context.RGBA, context.UNSIGNED_BYTE, out);
      return out;
    } finally {
      context.deleteFramebuffer(frame);
      context.deleteTexture(texture);
      piece.close();
    }
  };
}
