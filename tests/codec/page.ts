/** Runs in the browser: the codec behind functions that take and give plain data; files travel as base64. */
import { blendMask } from '../../src/blend/blendMask.ts';
import { type CropRequest, planCrop } from '../../src/blend/cropPlan.ts';
import { resultWindow } from '../../src/blend/resultWindow.ts';
import { createCodec } from '../../src/codec/bridge.ts';
import { CodecError } from '../../src/codec/codecError.ts';
import type { PictureOptions, Region } from '../../src/codec/protocol.ts';
import { type PixelRect, pixelRect } from '../../src/geometry/rect.ts';
import { coverageOf, maskFromCoverage } from '../../src/raster/coverage.ts';
import type { ImageRef, LayerStack, RasterLayer } from '../../src/raster/layerStack.ts';
import { emptyMask, type Mask, maskSource } from '../../src/raster/mask.ts';
import { maskBounds } from '../../src/raster/measure.ts';
import type { ColourReach, ColourSeed } from '../../src/select/colourSelection.ts';

const codec = createCodec();
const { signal } = new AbortController();

const blobOf = (text: string) => new Blob([Uint8Array.from(atob(text), (c) => c.charCodeAt(0))]);

const textOf = async (blob: Blob) => textOfBytes(new Uint8Array(await blob.arrayBuffer()));

function textOfBytes(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return btoa(text);
}

/** Straight RGBA of a bitmap for the screen, as base64. */
function pixelsOfBitmap(bitmap: ImageBitmap): string {
  const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')!;
  context.drawImage(bitmap, 0, 0);
  return textOfBytes(Uint8Array.from(context.getImageData(0, 0, bitmap.width, bitmap.height).data));
}

const coverageText = (mask: Mask, frame: PixelRect) => textOfBytes(coverageOf(maskSource(mask), frame));

const filled = (rect: PixelRect): Mask =>
  maskFromCoverage(new Uint8Array(rect.width * rect.height).fill(255), rect);

const exact: PictureOptions = { format: 'image/png', metadata: 'none', recipe: null };

interface Shown {
  readonly picture: ImageRef;
  readonly frame?: PixelRect;
  readonly layers?: readonly { readonly image: ImageRef; readonly rect: PixelRect }[];
}

/** Layers are seen through the blend mask of their whole rectangle. */
async function stackOf({ picture, frame, layers = [] }: Shown): Promise<LayerStack> {
  const bounds = frame ?? pixelRect(0, 0, picture.width, picture.height);
  const own: RasterLayer[] = [];
  for (const [i, { image, rect }] of layers.entries()) {
    own.push({ id: `${i}`, image, rect, mask: blendMask(filled(rect), bounds, 8), visible: true });
  }
  return { frame: bounds, picture, layers: own };
}

const codecOnPage = {
  async open(file: string, id?: string) {
    try {
      const { proxy, ...rest } = await codec.open(signal, blobOf(file), id);
      const shown = { width: proxy.width, height: proxy.height };
      const pixels = proxy.width * proxy.height <= 10_000 ? pixelsOfBitmap(proxy) : '';
      proxy.close();
      return { ...rest, shown, pixels, error: null };
    } catch (error) {
      if (!(error instanceof CodecError)) throw error;
      return { error: error.code };
    }
  },
  async encode(shown: Shown, options: Partial<PictureOptions> = {}) {
    const stack = await stackOf(shown);
    return textOf(await codec.encodePicture(signal, stack, { ...exact, quality: 0.95, ...options }));
  },
  async encodeMask(rect: PixelRect, frame: PixelRect, picture: ImageRef) {
    return textOf(await codec.encodeMask(signal, filled(rect), frame, picture, 'dual'));
  },
  async encodeHole(shown: Shown, rect: PixelRect, metadata: PictureOptions['metadata'] = 'none') {
    return textOf(await codec.encodeHole(signal, await stackOf(shown), filled(rect), metadata));
  },
  async view(shown: Shown, region: Region, width: number, height: number) {
    return pixelsOfBitmap(await codec.renderView(signal, await stackOf(shown), region, width, height));
  },
  async send(shown: Shown, masked: PixelRect, sizes: CropRequest['sizes']) {
    const stack = await stackOf(shown);
    const mask = filled(masked);
    const plan = planCrop({ frame: stack.frame, maskBounds: maskBounds(mask), sizes });
    const image = await textOf(await codec.cropForService(signal, stack, plan, mask));
    return { plan, image, mask: await textOf(await codec.maskForService(signal, mask, plan)) };
  },
  /** An answer as pixels of the plan's rectangle. */
  async addResult(file: string, plan: ReturnType<typeof planCrop>, picture?: ImageRef) {
    const { ref, proxy } = await codec.addPicture(signal, blobOf(file));
    proxy.close();
    return codec.fit(signal, ref, resultWindow(plan, ref, plan.rect), plan.rect, picture ?? null);
  },
  blob: async (id: string) => textOf(await codec.blob(id)),
  async countChanges(before: Shown, after: Shown, painted: PixelRect, blended: PixelRect) {
    const masks = [filled(painted), filled(blended)] as const;
    return codec.countChanges(signal, await stackOf(before), await stackOf(after), ...masks);
  },
  async thumbnail(shown: Shown, maxEdge: number) {
    const bitmap = await createImageBitmap(await codec.thumbnail(signal, await stackOf(shown), maxEdge));
    return { width: bitmap.width, height: bitmap.height };
  },
  /** What an aborted call rejects with, and how long that took in ms. */
  async abort(shown: Shown) {
    const stack = await stackOf(shown);
    const controller = new AbortController();
    const started = performance.now();
    const work = codec.encodePicture(controller.signal, stack, exact);
    setTimeout(() => controller.abort(), 20);
    const reason: unknown = await work.catch((error: unknown) => error);
    return { name: (reason as Error).name, took: performance.now() - started };
  },
  /** What a call that is under way rejects with when the worker ends. */
  async end(shown: Shown) {
    const work = codec.encodePicture(signal, await stackOf(shown), exact);
    codec.close();
    const reason: unknown = await work.catch((error: unknown) => error);
    return reason instanceof CodecError ? reason.code : String(reason);
  },
  /** Coverage of the frame, a byte per pixel. */
  async wand(shown: Shown, seed: ColourSeed, reach: ColourReach) {
    const stack = await stackOf(shown);
    return coverageText(await codec.selectByColour(signal, stack, seed, reach), stack.frame);
  },
  async object(shown: Shown, inside: PixelRect) {
    const stack = await stackOf(shown);
    const hints = {
      region: stack.frame,
      inside: filled(inside),
      outside: emptyMask,
      former: null,
      grows: true,
    };
    return coverageText(await codec.selectObject(signal, stack, hints), stack.frame);
  },
  /** A touch that takes the whole of a large picture: what an abort rejects with, then how many tiles it takes. */
  async largeWand(shown: Shown, seed: ColourSeed) {
    const stack = await stackOf(shown);
    const reach = { tolerance: 20, antialias: true };
    // Decoded first: that is no part of it.
    await codec.renderView(signal, stack, pixelRect(0, 0, 8, 8), 8, 8).then((view) => view.close());
    const controller = new AbortController();
    const work = codec.selectByColour(controller.signal, stack, seed, reach);
    setTimeout(() => controller.abort(), 20);
    const reason: unknown = await work.catch((error: unknown) => error);
    const mask = await codec.selectByColour(signal, stack, seed, reach);
    return {
      aborted: reason instanceof DOMException && reason.name === 'AbortError',
      tiles: [...mask.tiles.values()],
    };
  },
  forget: async (id: string) => codec.forget(id),
};

export type CodecOnPage = typeof codecOnPage;

Object.assign(window, { codecOnPage });
