import { sentMask } from '../blend/sentMask.ts';
import { pixelRect } from '../geometry/rect.ts';
import { cutMask, joinMasks, tilesNear } from '../raster/combine.ts';
import { combineSteps } from '../raster/combineSteps.ts';
import { maskFromCoverage } from '../raster/coverage.ts';
import { invertMask } from '../raster/invert.ts';
import type { LayerStack } from '../raster/layerStack.ts';
import type { Mask } from '../raster/mask.ts';
import { patchBetween } from '../raster/maskPatch.ts';
import { encodeMaskPng } from '../raster/maskPng.ts';
import { growMaskSteps } from '../raster/operations/growMask.ts';
import { operateSteps } from '../raster/operations/operate.ts';
import { packMask, unpackMask } from '../raster/packedMask.ts';
import { scaledMaskSteps } from '../raster/scaleMask.ts';
import { CodecError } from './codecError.ts';
import { countChanges } from './countChanges.ts';
import { decodePixels, type Pixels } from './decode.ts';
import { encodeHole, encodePicture, encodePixels } from './encode.ts';
import { flattenedPixels } from './flatten.ts';
import { ImageStore } from './imageStore.ts';
import { openImage } from './openImage.ts';
import { createPause, type Pause, paused } from './pause.ts';
import {
  type Arguments,
  bitmapsOf,
  buffersOf,
  type Failure,
  type FromWorker,
  type ImageSource,
  type Method,
  type Reply,
  type ToWorker,
  type WireStack,
} from './protocol.ts';
import { readMask } from './readMask.ts';
import { renderView } from './renderView.ts';
import { blendWeights, compare, fittedPixels, heatBitmap } from './results.ts';
import { createSelecting } from './selecting.ts';
import { cropForService } from './service.ts';

/** Owns all pixels at full resolution. Answers `ToWorker` with `FromWorker`. */

const store = new ImageStore();
const masks = new Map<number, Mask>();
const running = new Map<number, AbortController>();
const selecting = createSelecting(store);

const png = (bytes: Uint8Array<ArrayBuffer>) => new Blob([bytes], { type: 'image/png' });

function maskOf(id: number): Mask {
  const mask = masks.get(id);
  if (!mask) throw new RangeError(`No mask ${id}`);
  return mask;
}

const stackOf = (stack: WireStack): LayerStack => ({
  ...stack,
  layers: stack.layers.map((layer) => ({ ...layer, mask: maskOf(layer.mask) })),
});

/** Registers an image; it is made when it is needed. */
function register(id: string, source: ImageSource): void {
  store.add(id, (pause) => pixelsOf(source, pause));
}

async function pixelsOf(source: ImageSource, pause: Pause): Promise<Pixels> {
  switch (source.kind) {
    case 'file':
      return decodePixels(source.blob, pause);
    case 'fitted': {
      const { seam } = source;
      return fittedPixels(
        store,
        source,
        seam && { ...seam, below: stackOf(seam.below), weights: maskOf(seam.weights) },
        pause,
      );
    }
    case 'flattened':
      return flattenedPixels(store, stackOf(source.stack), source.rect, pause);
  }
}

const methods: { [M in Method]: (call: Arguments<M>, pause: Pause) => Promise<Reply<M>> } = {
  open: ({ id, blob, screen }, pause) => openImage(id, blob, screen, pause),
  renderView: ({ stack, region, outWidth, outHeight, screen }, pause) =>
    renderView(store, stackOf(stack), region, outWidth, outHeight, screen, pause),
  encodeMask: async ({ mask, frame, picture, encoding }) =>
    png(encodeMaskPng(maskOf(mask), frame, picture, encoding)),
  readMask: async ({ blob }, pause) => {
    const { mask, ...rest } = await readMask(blob, pause);
    return { ...rest, mask: packMask(mask) };
  },
  operateMask: async ({ mask, frame, operation }, pause) =>
    patchBetween(maskOf(mask), await paused(operateSteps(maskOf(mask), frame, operation), pause)),
  combineMasks: async ({ base, given, how: { way, rect, flipped, frame } }, pause) => {
    const sided = flipped ? invertMask(maskOf(given), rect) : maskOf(given);
    const combined = await paused(combineSteps(maskOf(base), cutMask(sided, frame), way), pause);
    return patchBetween(maskOf(base), combined);
  },
  encodePicture: ({ stack, options }, pause) => encodePicture(store, stackOf(stack), options, pause),
  encodeHole: ({ stack, mask, metadata }, pause) =>
    encodeHole(store, stackOf(stack), maskOf(mask), metadata, pause),
  askedMask: async ({ painted, uncovered, frame, overlap }, pause) => {
    const grown = await paused(growMaskSteps(maskOf(uncovered), frame, overlap), pause);
    return packMask(joinMasks(maskOf(painted), grown));
  },
  cropForService: ({ stack, plan, asked }, pause) =>
    cropForService(store, stackOf(stack), plan, maskOf(asked), pause),
  growForService: async ({ asked, plan, frame, grow }, pause) => {
    const near = tilesNear(maskOf(asked), plan.rect);
    return packMask(cutMask(await paused(growMaskSteps(near, frame, grow / plan.scale), pause), plan.rect));
  },
  scaleMask: async ({ mask, from, to }, pause) =>
    packMask(await paused(scaledMaskSteps(maskOf(mask), from, to), pause)),
  maskForService: async ({ mask, plan }) => {
    const rect = pixelRect(0, 0, plan.sent.width, plan.sent.height);
    return png(encodeMaskPng(maskFromCoverage(sentMask(maskOf(mask), plan), rect), rect));
  },
  compare: async ({ sent, raw, asked, plan }, pause) => {
    const { spill, ...rest } = await compare(store, { sent, raw }, maskOf(asked), plan, pause);
    return { ...rest, spill: spill && packMask(spill) };
  },
  blendWeights: async ({ asked, spill, settings, below, plan }, pause) => {
    const given = { asked: maskOf(asked), spill: spill === null ? null : maskOf(spill) };
    const { rect, weights } = await blendWeights(given, settings, stackOf(below), plan, pause);
    return { rect, weights: packMask(weights) };
  },
  heatMap: ({ sent, raw, asked, plan }, pause) =>
    heatBitmap(store, { sent, raw }, maskOf(asked), plan, pause),
  addImage: async ({ id, source }) => {
    register(id, source);
    try {
      const { width, height } = await store.get(id);
      return { id, width, height };
    } catch (error) {
      store.forget(id);
      throw error;
    }
  },
  encodeImage: async ({ id }, pause) => encodePixels(await store.get(id), pause),
  countChanges: ({ before, after, painted, blended }, pause) =>
    countChanges(store, stackOf(before), stackOf(after), maskOf(painted), maskOf(blended), pause),
  thumbnail: async ({ stack, maxEdge }, pause) => {
    const { frame } = stack;
    const scale = Math.min(1, maxEdge / Math.max(frame.width, frame.height));
    const edge = (length: number) => Math.max(1, Math.round(length * scale));
    const [width, height] = [edge(frame.width), edge(frame.height)];
    const view = await renderView(store, stackOf(stack), frame, width, height, 'srgb', pause);
    const canvas = new OffscreenCanvas(view.width, view.height);
    canvas.getContext('2d')!.drawImage(view, 0, 0);
    view.close();
    return canvas.convertToBlob({ type: 'image/webp', quality: 0.8 });
  },
  selectByColour: async ({ stack, seed, reach }, pause) =>
    // Pictures and masks never change under their names.
    packMask(await selecting.byColour(stackOf(stack), JSON.stringify(stack), seed, reach, pause)),
  selectObject: async ({ stack, inside, outside, former, ...rest }, pause) => {
    const masks = { inside: maskOf(inside), outside: maskOf(outside) };
    const hints = { ...rest, ...masks, former: former === null ? null : maskOf(former) };
    return packMask(await selecting.object(stackOf(stack), hints, pause));
  },
};

const send = (message: FromWorker, transfer: Transferable[] = []) => self.postMessage(message, { transfer });

async function answer<M extends Method>(call: number, method: M, args: Arguments<M>): Promise<void> {
  const controller = new AbortController();
  running.set(call, controller);
  try {
    const value = await methods[method](args, createPause(controller.signal));
    // Nothing of the result of an operation stays here: 64 MB need not be copied.
    const bytes = method === 'operateMask' ? buffersOf(value as Reply<'operateMask'>) : [];
    send({ call, value }, [...bitmapsOf(value), ...bytes]);
  } catch (error) {
    send({ call, failure: failureOf(error) });
  } finally {
    running.delete(call);
  }
}

function failureOf(error: unknown): Failure {
  if (error instanceof CodecError)
    return { code: error.code, details: error.details, message: error.message };
  return {
    code: null,
    details: {},
    message: error instanceof Error ? (error.stack ?? error.message) : String(error),
  };
}

self.onmessage = ({ data }: MessageEvent<ToWorker>) => {
  switch (data.kind) {
    case 'call':
      // The bridge pairs method and arguments; here their link is lost to the compiler.
      void answer(data.call, data.method, data.args as never);
      break;
    case 'abort':
      running.get(data.call)?.abort();
      break;
    case 'image':
      register(data.id, data.source);
      break;
    case 'decode':
      // Whoever needs the pixels is told of a failure then.
      store.get(data.id).catch(() => undefined);
      break;
    case 'forgetImage':
      store.forget(data.id);
      selecting.forget();
      break;
    case 'mask':
      masks.set(data.id, unpackMask(data.mask));
      break;
    case 'forgetMask':
      masks.delete(data.id);
      break;
  }
};
