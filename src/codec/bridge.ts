import type { CropPlan } from '../blend/cropPlan.ts';
import type { PixelRect } from '../geometry/rect.ts';
import type { ImageRef, LayerStack } from '../raster/layerStack.ts';
import type { Mask } from '../raster/mask.ts';
import { unpackMask } from '../raster/packedMask.ts';
import type { MetadataChoice } from './metadata/exifToWrite.ts';
import type { ImageSource, OpenedImage, PictureOptions, Region } from './protocol.ts';
import { screenSpace } from './screenPixels.ts';
import { WorkerConnection } from './workerConnection.ts';

/**
 * The codec as other rooms see it. Images are named by their ids and stay until `forget`; pixels stay in the worker.
 * Failures are `CodecError`s; an abort rejects with the signal's reason at once. When the worker dies, what was
 * pending rejects with `worker-failed`, and the next call starts a new one that knows the same images.
 */
export interface Codec {
  /** Validates and registers a file; `id` is given when it comes from storage. Throws when it can't be opened. */
  open(signal: AbortSignal, blob: Blob, id?: string): Promise<OpenedImage>;
  /** A generated or varied picture. */
  addPicture(signal: AbortSignal, blob: Blob): Promise<OpenedImage>;
  /**
   * The flattened stack in `region` at outWidth × outHeight, in the screen's colours: smooth when minified, whole
   * pixels when magnified, transparent where nothing is. The caller closes it.
   */
  renderView(
    signal: AbortSignal,
    stack: LayerStack,
    region: Region,
    outWidth: number,
    outHeight: number,
  ): Promise<ImageBitmap>;
  /**
   * A dual PNG of the frame's size: alpha = 255 − coverage, red = green = blue = coverage. Like the two below it tells
   * where `picture` lies in the frame.
   */
  encodeMask(signal: AbortSignal, mask: Mask, frame: PixelRect, picture: ImageRef): Promise<Blob>;
  /**
   * Full size, with the picture's colour space and resolution, and its EXIF by choice. PNG is exact; JPEG (on white)
   * and WebP recompress.
   */
  encodePicture(signal: AbortSignal, stack: LayerStack, options: PictureOptions): Promise<Blob>;
  /** PNG; the document's colours stay straight under alpha · (255 − coverage) / 255. */
  encodeHole(signal: AbortSignal, stack: LayerStack, mask: Mask, metadata: MetadataChoice): Promise<Blob>;
  /** The plan's rectangle at the sent size with its padding: an sRGB PNG, without alpha when it is opaque. */
  cropForService(signal: AbortSignal, stack: LayerStack, plan: CropPlan): Promise<Blob>;
  /** A dual mask PNG of the sent size: transparent white = edit, opaque black = keep. */
  maskForService(signal: AbortSignal, mask: Mask, plan: CropPlan): Promise<Blob>;
  /**
   * Takes in an answer of any size as pixels of `plan.rect`, converted into the colour space of `picture` (without
   * one it stays sRGB).
   */
  addResult(signal: AbortSignal, blob: Blob, plan: CropPlan, picture?: ImageRef): Promise<ImageRef>;
  /** What to persist: the file as it was opened, or a lossless PNG of a result's pixels. */
  blob(id: string): Promise<Blob>;
  blendMask(signal: AbortSignal, mask: Mask, frame: PixelRect): Promise<Mask>;
  /** Pixels of `before.frame` that differ where `mask` is 0. */
  countChanged(signal: AbortSignal, before: LayerStack, after: LayerStack, mask: Mask): Promise<number>;
  /** A small WebP (PNG where the browser can't write it). */
  thumbnail(signal: AbortSignal, stack: LayerStack, maxEdge: number): Promise<Blob>;
  forget(id: string): void;
  /** Ends the worker; what is pending rejects. */
  close(): void;
}

/** The worker starts this long after the page, in ms: beside the first paint, so that it is up for the first picture. */
const WARM_UP = 30;

/** For what nobody needs to abort. */
const never = new AbortController().signal;

export function createCodec(): Codec {
  const worker = new WorkerConnection(
    () => new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' }),
  );

  const warmUp = setTimeout(() => worker.start(), WARM_UP);

  const open = async (signal: AbortSignal, blob: Blob, id = crypto.randomUUID()) => {
    const opened = await worker.call(signal, 'open', { id, blob, screen: screenSpace() });
    worker.add(id, { kind: 'file', blob });
    return opened;
  };

  return {
    open,
    addPicture: (signal, blob) => open(signal, blob),
    renderView: (signal, stack, region, outWidth, outHeight) =>
      worker.call(signal, 'renderView', {
        stack: worker.stack(stack),
        region,
        outWidth,
        outHeight,
        screen: screenSpace(),
      }),
    encodeMask: (signal, mask, frame, picture) =>
      worker.call(signal, 'encodeMask', { mask: worker.mask(mask), frame, picture }),
    encodePicture: (signal, stack, options) =>
      worker.call(signal, 'encodePicture', { stack: worker.stack(stack), options }),
    encodeHole: (signal, stack, mask, metadata) =>
      worker.call(signal, 'encodeHole', { stack: worker.stack(stack), mask: worker.mask(mask), metadata }),
    cropForService: (signal, stack, plan) =>
      worker.call(signal, 'cropForService', { stack: worker.stack(stack), plan }),
    maskForService: (signal, mask, plan) =>
      worker.call(signal, 'maskForService', { mask: worker.mask(mask), plan }),
    addResult: async (signal, blob, plan, picture) => {
      const id = crypto.randomUUID();
      const source: ImageSource = { kind: 'result', blob, plan, picture: picture?.id ?? null };
      try {
        const ref = await worker.call(signal, 'addResult', { id, source });
        worker.keep(id, source);
        return ref;
      } catch (error) {
        // The worker registers it before it answers; without an answer it must not stay there.
        worker.forget(id);
        throw error;
      }
    },
    blob: async (id) => {
      const source = worker.image(id);
      if (!source) throw new RangeError(`No image ${id}`);
      return source.kind === 'file' ? source.blob : worker.call(never, 'encodeImage', { id });
    },
    blendMask: async (signal, mask, frame) =>
      unpackMask(await worker.call(signal, 'blendMask', { mask: worker.mask(mask), frame })),
    countChanged: (signal, before, after, mask) =>
      worker.call(signal, 'countChanged', {
        before: worker.stack(before),
        after: worker.stack(after),
        mask: worker.mask(mask),
      }),
    thumbnail: (signal, stack, maxEdge) =>
      worker.call(signal, 'thumbnail', { stack: worker.stack(stack), maxEdge }),
    forget: (id) => worker.forget(id),
    close: () => {
      clearTimeout(warmUp);
      worker.end();
    },
  };
}
