import { intersect, type PixelRect, pixelRect } from '../geometry/rect.ts';
import type { Pause } from './pause.ts';

/**
 * A picture, or a layer, at 1 / 2ᵏ of its size, for the screen only. Pixel (x, y) stands for the document's pixels
 * [x · 2ᵏ, (x + 1) · 2ᵏ): all levels share the document's grid, whatever the layer's corner.
 */
export interface Level {
  readonly rect: PixelRect;
  /** Premultiplied RGBA; of a layer also multiplied by its weight. */
  readonly colour: Uint8Array;
  /** Of a layer: how much of what lies below it hides. Null: all of it. */
  readonly weight: Uint8Array | null;
}

/** Document rows taken at once; even. */
const BAND = 64;

const half = (rect: PixelRect): PixelRect => {
  const x = Math.floor(rect.x / 2);
  const y = Math.floor(rect.y / 2);
  return pixelRect(x, y, Math.ceil((rect.x + rect.width) / 2) - x, Math.ceil((rect.y + rect.height) / 2) - y);
};

/**
 * Levels 1 … `count` by box halving; index 0 of the result is level 1. Level 0 is never held: `band` gives pieces of it.
 */
export async function buildLevels(
  rect: PixelRect,
  band: (piece: PixelRect) => Level,
  count: number,
  pause: Pause,
): Promise<readonly Level[]> {
  const first = emptyLevel(half(rect), band(pixelRect(rect.x, rect.y, rect.width, 1)).weight !== null);
  const start = Math.floor(rect.y / 2) * 2;
  for (let y = start; y < rect.y + rect.height; y += BAND) {
    const piece = intersect(rect, pixelRect(rect.x, y, rect.width, BAND));
    if (piece) halveInto(band(piece), first);
    await pause();
  }
  const levels = [first];
  for (let level = first; levels.length < count; ) {
    const next = emptyLevel(half(level.rect), level.weight !== null);
    halveInto(level, next);
    levels.push(next);
    level = next;
    await pause();
  }
  return levels;
}

const emptyLevel = (rect: PixelRect, weighted: boolean): Level => ({
  rect,
  colour: new Uint8Array(rect.width * rect.height * 4),
  weight: weighted ? new Uint8Array(rect.width * rect.height) : null,
});

/** Writes the rows of `to` that `from` covers; what is missing at an odd edge counts as nothing. */
function halveInto(from: Level, to: Level): void {
  halvePlane(from.colour, from.rect, to.colour, to.rect, 4);
  if (from.weight && to.weight) halvePlane(from.weight, from.rect, to.weight, to.rect, 1);
}

function halvePlane(
  from: Uint8Array,
  source: PixelRect,
  to: Uint8Array,
  target: PixelRect,
  channels: number,
): void {
  const rows = half(source);
  const end = source.x + source.width;
  const stride = source.width * channels;
  for (let y = rows.y; y < rows.y + rows.height; y++) {
    const hasTop = y * 2 >= source.y;
    const hasBottom = y * 2 + 1 < source.y + source.height;
    let o = ((y - target.y) * target.width + rows.x - target.x) * channels;
    for (let x = rows.x; x < rows.x + rows.width; x++) {
      const hasLeft = x * 2 >= source.x;
      const hasRight = x * 2 + 1 < end;
      let i = ((y * 2 - source.y) * source.width + x * 2 - source.x) * channels;
      if (hasTop && hasBottom && hasLeft && hasRight) {
        for (let c = 0; c < channels; c++, i++, o++) {
          to[o] =
            (from[i]! + from[i + channels]! + from[i + stride]! + from[i + stride + channels]! + 2) >> 2;
        }
        continue;
      }
      for (let c = 0; c < channels; c++, i++, o++) {
        let sum = 2;
        if (hasTop && hasLeft) sum += from[i]!;
        if (hasTop && hasRight) sum += from[i + channels]!;
        if (hasBottom && hasLeft) sum += from[i + stride]!;
        if (hasBottom && hasRight) sum += from[i + stride + channels]!;
        to[o] = sum >> 2;
      }
    }
  }
}

/** Straight RGBA of the levels above each other in `rect` (of that level's grid); the lowest first. */
export function flattenLevels(levels: readonly Level[], rect: PixelRect): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(rect.width * rect.height * 4);
  for (const { rect: own, colour, weight } of levels) {
    const part = intersect(own, rect);
    if (!part) continue;
    for (let y = part.y; y < part.y + part.height; y++) {
      let i = (y - own.y) * own.width + part.x - own.x;
      let o = ((y - rect.y) * rect.width + part.x - rect.x) * 4;
      for (let x = 0; x < part.width; x++, i++, o += 4) {
        const kept = weight ? 255 - weight[i]! : 0;
        for (let c = 0; c < 4; c++) out[o + c] = (colour[i * 4 + c]! + (out[o + c]! * kept + 127) / 255) | 0;
      }
    }
  }
  unpremultiply(out);
  return out;
}

function unpremultiply(pixels: Uint8Array): void {
  for (let i = 0; i < pixels.length; i += 4) {
    const alpha = pixels[i + 3]!;
    if (alpha === 255 || alpha === 0) continue;
    for (let c = 0; c < 3; c++) pixels[i + c] = Math.min(255, (pixels[i + c]! * 255) / alpha + 0.5);
  }
}
