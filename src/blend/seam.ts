import { type PixelRect, rectBetween } from '../geometry/rect.ts';
import { solveMembrane } from './membrane.ts';
import { ABSENT, HOLE, RIM } from './membraneGrid.ts';
import { measureRim, type SeamPictures } from './seamRim.ts';
import type { Size } from './size.ts';

/**
 * Changes the result in place where its weight is above 0, so that it meets what lies below without a step where the
 * weight becomes 0: what the two differ by just outside is spread inwards as a membrane and added, which keeps every
 * gradient of the result but the membrane's own (P. Pérez, M. Gangnet, A. Blake, "Poisson Image Editing", ACM
 * Transactions on Graphics 22, 2003: seamless cloning). Pixels at the frame's edge are held by what is beside them
 * only. Pixels of the result that are not opaque keep themselves, and where nothing opaque lies below the result
 * is bound to nothing. Alpha never changes.
 *
 * @param result straight RGBA, aligned and matched; @param below the same size; @param weights one byte per px
 */
export function* seamCorrectionSteps(
  result: Uint8Array,
  below: Uint8Array,
  weights: Uint8Array,
  size: Size,
): Generator<void, void> {
  const pictures: SeamPictures = { result, below, weights, width: size.width, height: size.height };
  const part = partOf(weights, size);
  if (!part) return;
  const kind = kindsOf(pictures, part);
  if (!kind.includes(RIM)) return;
  const values = new Float32Array(kind.length * 3);
  yield;
  yield* measureRim(pictures, part, kind, values);
  yield* solveMembrane(kind, values, part.width, part.height);
  for (let y = 0, i = 0; y < part.height; y++) {
    let at = ((part.y + y) * size.width + part.x) * 4;
    for (let x = 0; x < part.width; x++, i++, at += 4) {
      if (kind[i] !== HOLE) continue;
      for (let c = 0; c < 3; c++) {
        result[at + c] = Math.min(255, Math.max(0, result[at + c]! + values[i * 3 + c]!)) + 0.5;
      }
    }
  }
}

/** The bounds of all weights above 0 with a px around, within the frame. */
function partOf(weights: Uint8Array, { width, height }: Size): PixelRect | null {
  let left = width;
  let top = height;
  let endX = 0;
  let endY = 0;
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      if (weights[i] === 0) continue;
      if (x < left) left = x;
      if (x >= endX) endX = x + 1;
      if (y < top) top = y;
      endY = y + 1;
    }
  }
  return rectBetween(
    Math.max(0, left - 1),
    Math.max(0, top - 1),
    Math.min(width, endX + 1),
    Math.min(height, endY + 1),
  );
}

/** HOLE where the result is to be changed; RIM beside it, where both pictures are opaque; else ABSENT. */
function kindsOf({ result, below, weights, width }: SeamPictures, part: PixelRect): Uint8Array {
  const kind = new Uint8Array(part.width * part.height).fill(ABSENT);
  for (let y = 0, i = 0; y < part.height; y++) {
    let at = (part.y + y) * width + part.x;
    for (let x = 0; x < part.width; x++, i++, at++) {
      if (weights[at]! > 0 && result[at * 4 + 3] === 255) kind[i] = HOLE;
    }
  }
  for (let y = 0, i = 0; y < part.height; y++) {
    for (let x = 0; x < part.width; x++, i++) {
      const beside =
        (x > 0 && kind[i - 1] === HOLE) ||
        (x < part.width - 1 && kind[i + 1] === HOLE) ||
        (y > 0 && kind[i - part.width] === HOLE) ||
        (y < part.height - 1 && kind[i + part.width] === HOLE);
      const at = (part.y + y) * width + part.x + x;
      if (!beside || weights[at] !== 0) continue;
      if (result[at * 4 + 3] === 255 && below[at * 4 + 3] === 255) kind[i] = RIM;
    }
  }
  return kind;
}
