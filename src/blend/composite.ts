import { contains, intersect, type PixelRect, pixelRect, sameRect } from '../geometry/rect.ts';
import { coverageOf } from '../raster/coverage.ts';
import type { LayerStack } from '../raster/layerStack.ts';
import { maskSource } from '../raster/mask.ts';

/** Where pixels come from: straight RGBA, row by row, of the image with that id, in the document's colour space. */
export interface PixelSource {
  pixels(id: string): Uint8Array;
}

/**
 * Straight RGBA of the stack in `rect`. Transparent black outside the frame and outside every picture. A layer's
 * weight 0 keeps what lies below byte for byte, 255 replaces it byte for byte; between, colours are interpolated
 * premultiplied (so that a transparent pixel's hidden colour has no weight) in the document's own colour space.
 */
export function flattenRect(
  source: PixelSource,
  stack: LayerStack,
  rect: PixelRect,
): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(rect.width * rect.height * 4);
  const seen = intersect(rect, stack.frame);
  if (!seen) return out;
  const { picture } = stack;
  const pictureRect = pixelRect(0, 0, picture.width, picture.height);
  const base = intersect(seen, pictureRect);
  if (base) copyRect(source.pixels(picture.id), pictureRect, out, rect, base);
  for (const layer of stack.layers) {
    const part = layer.visible ? intersect(seen, layer.rect) : null;
    if (!part) continue;
    const weights = coverageOf(maskSource(layer.mask), part);
    blendRect(source.pixels(layer.image.id), layer.rect, weights, out, rect, part);
  }
  return out;
}

/**
 * The same for whoever only reads: where nothing lies over the picture and the rectangle is whole rows of it, the
 * picture's own bytes, without a copy.
 */
export function peekRect(source: PixelSource, stack: LayerStack, rect: PixelRect): Uint8Array {
  const { frame, picture, layers } = stack;
  const pictureRect = pixelRect(0, 0, picture.width, picture.height);
  const whole = rect.x === 0 && rect.width === picture.width;
  const covered = layers.some(({ visible, rect: layer }) => visible && intersect(layer, rect));
  if (!whole || covered || !contains(frame, rect) || !contains(pictureRect, rect)) {
    return flattenRect(source, stack, rect);
  }
  const rowBytes = picture.width * 4;
  return source.pixels(picture.id).subarray(rect.y * rowBytes, (rect.y + rect.height) * rowBytes);
}

/** Copies `part` between two straight RGBA buffers that cover `fromRect` and `toRect`. */
function copyRect(
  from: Uint8Array,
  fromRect: PixelRect,
  to: Uint8Array,
  toRect: PixelRect,
  part: PixelRect,
): void {
  if (sameRect(fromRect, toRect) && sameRect(part, toRect)) {
    to.set(from);
    return;
  }
  for (let y = part.y; y < part.y + part.height; y++) {
    const start = offset(fromRect, part.x, y);
    to.set(from.subarray(start, start + part.width * 4), offset(toRect, part.x, y));
  }
}

const offset = (rect: PixelRect, x: number, y: number) => ((y - rect.y) * rect.width + x - rect.x) * 4;

function blendRect(
  from: Uint8Array,
  fromRect: PixelRect,
  weights: Uint8Array,
  to: Uint8Array,
  toRect: PixelRect,
  part: PixelRect,
): void {
  let w = 0;
  for (let y = part.y; y < part.y + part.height; y++) {
    let f = offset(fromRect, part.x, y);
    let t = offset(toRect, part.x, y);
    for (let x = 0; x < part.width; x++, f += 4, t += 4) {
      const weight = weights[w++]!;
      if (weight === 0) continue;
      if (weight === 255) {
        to[t] = from[f]!;
        to[t + 1] = from[f + 1]!;
        to[t + 2] = from[f + 2]!;
        to[t + 3] = from[f + 3]!;
        continue;
      }
      const under = to[t + 3]! * (255 - weight);
      const over = from[f + 3]! * weight;
      const alpha = under + over;
      if (alpha === 0) continue;
      to[t] = (to[t]! * under + from[f]! * over) / alpha + 0.5;
      to[t + 1] = (to[t + 1]! * under + from[f + 1]! * over) / alpha + 0.5;
      to[t + 2] = (to[t + 2]! * under + from[f + 2]! * over) / alpha + 0.5;
      to[t + 3] = alpha / 255 + 0.5;
    }
  }
}
