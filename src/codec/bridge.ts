import type { BlendSettings } from '../blend/blendSettings.ts';
import { type Comparison, registrationOf } from '../blend/comparison.ts';
import type { CropPlan } from '../blend/cropPlan.ts';
import { IDENTITY } from '../blend/registration.ts';
import type { Window } from '../blend/resample.ts';
import { resultWindow } from '../blend/resultWindow.ts';
import type { Size } from '../blend/size.ts';
import type { Changes } from '../blend/verify.ts';
import { type PixelRect, sameRect } from '../geometry/rect.ts';
import type { ImageRef, LayerStack } from '../raster/layerStack.ts';
import type { Mask } from '../raster/mask.ts';
import { patchedMask } from '../raster/maskPatch.ts';
import type { MaskEncoding } from '../raster/maskPng.ts';
import type { MaskOperation } from '../raster/operations/operation.ts';
import { unpackMask } from '../raster/packedMask.ts';
import type { ColourReach, ColourSeed } from '../select/colourSelection.ts';
import type { ObjectHints } from '../select/growObject.ts';
import type { MetadataChoice } from './metadata/exifToWrite.ts';
import type { ImageSource, MaskFile, MaskJoin, OpenedImage, PictureOptions, Region } from './protocol.ts';
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
  /** Takes in a stored picture that is not drawn now: it is decoded once it is needed. */
  hold(id: string, blob: Blob): void;
  /** Takes in a picture that was made here, of the given size, without looking at it. */
  register(blob: Blob, size: Size): ImageRef;
  /** A generated or varied picture, or a raw answer. */
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
   * A PNG of the frame's size. Like a picture and a hole it tells where `picture` lies in the frame.
   */
  encodeMask(
    signal: AbortSignal,
    mask: Mask,
    frame: PixelRect,
    picture: ImageRef,
    encoding: MaskEncoding,
  ): Promise<Blob>;
  /** A picture's transparency, or where it has none its brightness, as a mask in px of the file. */
  readMask(signal: AbortSignal, blob: Blob): Promise<MaskFile>;
  /** Tiles of `base` that stay the same are its own. */
  combineMasks(signal: AbortSignal, base: Mask, given: Mask, how: MaskJoin): Promise<Mask>;
  /** The mask after an operation; 0 outside the frame. Tiles that stay the same are its own. */
  operateMask(signal: AbortSignal, mask: Mask, frame: PixelRect, operation: MaskOperation): Promise<Mask>;
  /**
   * Full size, with the picture's colour space and resolution, and its EXIF by choice. PNG is exact; JPEG (on white)
   * and WebP recompress.
   */
  encodePicture(signal: AbortSignal, stack: LayerStack, options: PictureOptions): Promise<Blob>;
  /** PNG; the document's colours stay straight under alpha · (255 − coverage) / 255. */
  encodeHole(signal: AbortSignal, stack: LayerStack, mask: Mask, metadata: MetadataChoice): Promise<Blob>;
  /** What is asked to change: what was painted, and what is empty with an overlap (document px) into the picture. */
  askedMask(
    signal: AbortSignal,
    painted: Mask,
    uncovered: Mask,
    frame: PixelRect,
    overlap: number,
  ): Promise<Mask>;
  /**
   * The plan's rectangle at the sent size with its padding: an sRGB PNG, without alpha when it is opaque. What is empty
   * where something is asked for continues its surroundings.
   */
  cropForService(signal: AbortSignal, stack: LayerStack, plan: CropPlan, asked: Mask): Promise<Blob>;
  /** What is sent as the mask, in document px: what is asked, grown by `grow` sent px. */
  growForService(
    signal: AbortSignal,
    asked: Mask,
    plan: CropPlan,
    frame: PixelRect,
    grow: number,
  ): Promise<Mask>;
  /** What of a mask lies in `from`, moved and scaled to `to`: exact when only moved, otherwise smooth. */
  scaleMask(signal: AbortSignal, mask: Mask, from: PixelRect, to: PixelRect): Promise<Mask>;
  /** A dual mask PNG of the sent size: transparent white = edit, opaque black = keep. */
  maskForService(signal: AbortSignal, mask: Mask, plan: CropPlan): Promise<Blob>;
  /** How the answer `raw` lies against what was sent, and how its colours differ. */
  compare(
    signal: AbortSignal,
    raw: ImageRef,
    sent: ImageRef,
    asked: Mask,
    plan: CropPlan,
  ): Promise<Comparison>;
  /** An answer as pixels of the document, and the weights with which they are seen. */
  blend(signal: AbortSignal, request: BlendRequest): Promise<BlendedPixels>;
  /** A window of an image as pixels of `size`, in the colours of `picture` (without one it stays sRGB). */
  fit(
    signal: AbortSignal,
    image: ImageRef,
    window: Window,
    size: Size,
    picture: ImageRef | null,
  ): Promise<ImageRef>;
  /** What is seen of a stack in `rect`, as an image of its own. */
  flatten(signal: AbortSignal, stack: LayerStack, rect: PixelRect): Promise<ImageRef>;
  /** An overlay of the plan's rectangle: what the answer changed outside what was asked. The caller closes it. */
  heatMap(
    signal: AbortSignal,
    raw: ImageRef,
    sent: ImageRef,
    asked: Mask,
    plan: CropPlan,
  ): Promise<ImageBitmap>;
  /** What to persist: the file as it was opened, or a lossless PNG of pixels that were made here. */
  blob(id: string): Promise<Blob>;
  /** Pixels of `before.frame` that differ where nothing was painted; see `Changes`. */
  countChanges(
    signal: AbortSignal,
    before: LayerStack,
    after: LayerStack,
    painted: Mask,
    blended: Mask,
  ): Promise<Changes>;
  /** A small WebP (PNG where the browser can't write it). */
  thumbnail(signal: AbortSignal, stack: LayerStack, maxEdge: number): Promise<Blob>;
  /** What a magic wand takes of what is seen of a stack. Asking again for the same seed measures nothing anew. */
  selectByColour(signal: AbortSignal, stack: LayerStack, seed: ColourSeed, reach: ColourReach): Promise<Mask>;
  /** The object that scribbles lie on, in what is seen of a stack. */
  selectObject(signal: AbortSignal, stack: LayerStack, hints: ObjectHints): Promise<Mask>;
  forget(id: string): void;
  /** Ends the worker; what is pending rejects. */
  close(): void;
}

/** A raw answer, how it is to be blended, and what it comes to lie over. */
export interface BlendRequest {
  readonly raw: ImageRef;
  readonly plan: CropPlan;
  readonly asked: Mask;
  readonly comparison: Comparison;
  readonly settings: BlendSettings;
  readonly below: LayerStack;
  /** Made before from the same answer: its pixels are taken when the settings ask for the same. */
  readonly former?: { readonly image: ImageRef; readonly rect: PixelRect; readonly settings: BlendSettings };
}

export interface BlendedPixels {
  readonly image: ImageRef;
  readonly rect: PixelRect;
  readonly weights: Mask;
}

/** True when both give the same pixels in the same rectangle; only their weights may differ. */
const samePixels = (a: BlendSettings, b: BlendSettings) =>
  a.align === b.align && a.colour === b.colour && a.seam === 'feather' && b.seam === 'feather';

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

  /** `source` is asked again for every new worker. */
  const addImage = async (signal: AbortSignal, source: () => ImageSource) => {
    const id = crypto.randomUUID();
    try {
      const ref = await worker.call(signal, 'addImage', { id, source: source() });
      worker.keep(id, source);
      return ref;
    } catch (error) {
      // The worker registers it before it answers; without an answer it must not stay there.
      worker.forget(id);
      throw error;
    }
  };

  return {
    open,
    hold: (id, blob) => worker.hold(id, { kind: 'file', blob }),
    register: (blob, { width, height }) => {
      const id = crypto.randomUUID();
      worker.add(id, { kind: 'file', blob });
      return { id, width, height };
    },
    addPicture: (signal, blob) => open(signal, blob),
    renderView: (signal, stack, region, outWidth, outHeight) =>
      worker.call(signal, 'renderView', {
        stack: worker.stack(stack),
        region,
        outWidth,
        outHeight,
        screen: screenSpace(),
      }),
    encodeMask: (signal, mask, frame, picture, encoding) =>
      worker.call(signal, 'encodeMask', { mask: worker.mask(mask), frame, picture, encoding }),
    readMask: async (signal, blob) => {
      const { mask, ...rest } = await worker.call(signal, 'readMask', { blob });
      return { ...rest, mask: unpackMask(mask) };
    },
    combineMasks: async (signal, base, given, how) =>
      patchedMask(
        base,
        await worker.call(signal, 'combineMasks', {
          base: worker.mask(base),
          given: worker.mask(given),
          how,
        }),
      ),
    operateMask: async (signal, mask, frame, operation) =>
      patchedMask(
        mask,
        await worker.call(signal, 'operateMask', { mask: worker.mask(mask), frame, operation }),
      ),
    encodePicture: (signal, stack, options) =>
      worker.call(signal, 'encodePicture', { stack: worker.stack(stack), options }),
    encodeHole: (signal, stack, mask, metadata) =>
      worker.call(signal, 'encodeHole', { stack: worker.stack(stack), mask: worker.mask(mask), metadata }),
    askedMask: async (signal, painted, uncovered, frame, overlap) =>
      unpackMask(
        await worker.call(signal, 'askedMask', {
          painted: worker.mask(painted),
          uncovered: worker.mask(uncovered),
          frame,
          overlap,
        }),
      ),
    cropForService: (signal, stack, plan, asked) =>
      worker.call(signal, 'cropForService', { stack: worker.stack(stack), plan, asked: worker.mask(asked) }),
    growForService: async (signal, asked, plan, frame, grow) =>
      unpackMask(
        await worker.call(signal, 'growForService', { asked: worker.mask(asked), plan, frame, grow }),
      ),
    scaleMask: async (signal, mask, from, to) =>
      unpackMask(await worker.call(signal, 'scaleMask', { mask: worker.mask(mask), from, to })),
    maskForService: (signal, mask, plan) =>
      worker.call(signal, 'maskForService', { mask: worker.mask(mask), plan }),
    compare: async (signal, raw, sent, asked, plan) => {
      const call = { raw: raw.id, sent: sent.id, asked: worker.mask(asked), plan };
      const { spill, ...rest } = await worker.call(signal, 'compare', call);
      return { ...rest, spill: spill && unpackMask(spill) };
    },
    blend: async (signal, { raw, plan, asked, comparison, settings, below, former }) => {
      const { spill, colour } = comparison;
      const packed = await worker.call(signal, 'blendWeights', {
        asked: worker.mask(asked),
        spill: spill && worker.mask(spill),
        settings,
        below: worker.stack(below),
        plan,
      });
      const { rect } = packed;
      const weights = unpackMask(packed.weights);
      if (former && sameRect(former.rect, rect) && samePixels(former.settings, settings)) {
        return { image: former.image, rect, weights };
      }
      const registration = settings.align ? registrationOf(comparison) : IDENTITY;
      const image = await addImage(signal, () => ({
        kind: 'fitted',
        image: raw.id,
        window: resultWindow(plan, raw, rect, registration),
        size: { width: rect.width, height: rect.height },
        picture: below.picture.id,
        colour: colour && settings.colour > 0 ? { match: colour, strength: settings.colour } : null,
        seam:
          settings.seam === 'gradient'
            ? { below: worker.stack(below), rect, weights: worker.mask(weights) }
            : null,
      }));
      return { image, rect, weights };
    },
    fit: (signal, image, window, size, picture) =>
      addImage(signal, () => ({
        kind: 'fitted',
        image: image.id,
        window,
        size: { width: size.width, height: size.height },
        picture: picture?.id ?? null,
        colour: null,
        seam: null,
      })),
    flatten: (signal, stack, rect) =>
      addImage(signal, () => ({ kind: 'flattened', stack: worker.stack(stack), rect })),
    heatMap: (signal, raw, sent, asked, plan) =>
      worker.call(signal, 'heatMap', { raw: raw.id, sent: sent.id, asked: worker.mask(asked), plan }),
    blob: async (id) => {
      const source = worker.image(id);
      if (!source) throw new RangeError(`No image ${id}`);
      return source.kind === 'file' ? source.blob : worker.call(never, 'encodeImage', { id });
    },
    countChanges: (signal, before, after, painted, blended) =>
      worker.call(signal, 'countChanges', {
        before: worker.stack(before),
        after: worker.stack(after),
        painted: worker.mask(painted),
        blended: worker.mask(blended),
      }),
    thumbnail: (signal, stack, maxEdge) =>
      worker.call(signal, 'thumbnail', { stack: worker.stack(stack), maxEdge }),
    selectByColour: async (signal, stack, seed, reach) =>
      unpackMask(await worker.call(signal, 'selectByColour', { stack: worker.stack(stack), seed, reach })),
    selectObject: async (signal, stack, { region, inside, outside, former, grows }) =>
      unpackMask(
        await worker.call(signal, 'selectObject', {
          stack: worker.stack(stack),
          region,
          inside: worker.mask(inside),
          outside: worker.mask(outside),
          former: former && worker.mask(former),
          grows,
        }),
      ),
    forget: (id) => worker.forget(id),
    close: () => {
      clearTimeout(warmUp);
      worker.end();
    },
  };
}
