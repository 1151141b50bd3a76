import type { Size } from './size.ts';

/** Both pictures at a resolution that a fit works on. Planes are row by row, 0–255. */
export interface Level extends Size {
  /** Px of the sent size per px of this level; px i covers [i · step, (i + 1) · step). */
  readonly step: number;
  readonly sent: readonly [Float32Array, Float32Array, Float32Array];
  readonly sentLuma: Float32Array;
  readonly returnedLuma: Float32Array;
  /** 1 where the sent picture is known and was not to be edited, 0 elsewhere. */
  readonly valid: Uint8Array;
}

/** Work is bounded by this many pixels: a larger picture is averaged down by a whole factor. */
const MAX_PIXELS = 600_000;

/** Pixels of the work level next to what was asked for that do not count: services soften a mask's edge. */
const MARGIN = 3;

/** Rows worked on between two yields: about a million pixels of a picture. */
const PIECE = 1_000_000;

/**
 * The level of at most 1.1 MP, smoothed a little (binomial, 1 2 1), which halves noise and makes interpolation
 * between its pixels exact enough. A remainder of less than a level's pixel at the right and bottom is left out.
 */
export function* workLevelSteps(
  sent: Uint8Array,
  returned: Uint8Array,
  asked: Uint8Array,
  size: Size,
): Generator<void, Level> {
  const step = Math.ceil(Math.sqrt((size.width * size.height) / MAX_PIXELS));
  const width = Math.floor(size.width / step);
  const height = Math.floor(size.height / step);
  const plane = () => new Float32Array(width * height);
  const planes = { sent: [plane(), plane(), plane()] as const, returned: plane() };
  const valid = new Uint8Array(width * height);
  const rows = Math.max(1, Math.floor(PIECE / 4 / (size.width * step)));
  for (let y = 0; y < height; y += rows) {
    const end = Math.min(height, y + rows);
    average(sent, size, step, width, y, end, planes.sent);
    averageLuma(returned, size, step, width, y, end, planes.returned);
    markValid(sent, asked, size, step, width, y, end, valid);
    yield;
  }
  const scratch = plane();
  for (const own of [...planes.sent, planes.returned]) {
    smooth(own, scratch, width, height);
    yield;
  }
  shrink(valid, width, height, MARGIN);
  const sentLuma = lumaOf(planes.sent);
  return { width, height, step, sent: planes.sent, sentLuma, returnedLuma: planes.returned, valid };
}

/** The next coarser level: means of 2 × 2, valid where all four are. */
export function halved(level: Level): Level {
  const width = level.width >> 1;
  const height = level.height >> 1;
  const half = (plane: Float32Array) => {
    const out = new Float32Array(width * height);
    for (let y = 0, o = 0; y < height; y++) {
      let i = 2 * y * level.width;
      for (let x = 0; x < width; x++, o++, i += 2) {
        const below = i + level.width;
        out[o] = (plane[i]! + plane[i + 1]! + plane[below]! + plane[below + 1]!) / 4;
      }
    }
    return out;
  };
  const valid = new Uint8Array(width * height);
  for (let y = 0, o = 0; y < height; y++) {
    let i = 2 * y * level.width;
    for (let x = 0; x < width; x++, o++, i += 2) {
      const below = i + level.width;
      valid[o] = level.valid[i]! & level.valid[i + 1]! & level.valid[below]! & level.valid[below + 1]!;
    }
  }
  const sent = [half(level.sent[0]), half(level.sent[1]), half(level.sent[2])] as const;
  const returnedLuma = half(level.returnedLuma);
  return { width, height, step: level.step * 2, sent, sentLuma: lumaOf(sent), returnedLuma, valid };
}

const RED = 0.299;
const GREEN = 0.587;
const BLUE = 0.114;

function lumaOf([red, green, blue]: Level['sent']): Float32Array {
  const out = new Float32Array(red.length);
  for (let i = 0; i < out.length; i++) out[i] = RED * red[i]! + GREEN * green[i]! + BLUE * blue[i]!;
  return out;
}

function average(
  pixels: Uint8Array,
  size: Size,
  step: number,
  width: number,
  from: number,
  end: number,
  [red, green, blue]: Level['sent'],
): void {
  const share = 1 / (step * step);
  for (let y = from, o = from * width; y < end; y++) {
    for (let x = 0; x < width; x++, o++) {
      let r = 0;
      let g = 0;
      let b = 0;
      for (let j = 0, row = (y * step * size.width + x * step) * 4; j < step; j++, row += size.width * 4) {
        for (let i = row; i < row + step * 4; i += 4) {
          r += pixels[i]!;
          g += pixels[i + 1]!;
          b += pixels[i + 2]!;
        }
      }
      red[o] = r * share;
      green[o] = g * share;
      blue[o] = b * share;
    }
  }
}

function averageLuma(
  pixels: Uint8Array,
  size: Size,
  step: number,
  width: number,
  from: number,
  end: number,
  luma: Float32Array,
): void {
  const share = 1 / (step * step);
  for (let y = from, o = from * width; y < end; y++) {
    for (let x = 0; x < width; x++, o++) {
      let sum = 0;
      for (let j = 0, row = (y * step * size.width + x * step) * 4; j < step; j++, row += size.width * 4) {
        for (let i = row; i < row + step * 4; i += 4) {
          sum += RED * pixels[i]! + GREEN * pixels[i + 1]! + BLUE * pixels[i + 2]!;
        }
      }
      luma[o] = sum * share;
    }
  }
}

/** A pixel counts where nothing of it was asked for, and where it is opaque: what shows through is not known. */
function markValid(
  sent: Uint8Array,
  asked: Uint8Array,
  size: Size,
  step: number,
  width: number,
  from: number,
  end: number,
  valid: Uint8Array,
): void {
  for (let y = from, o = from * width; y < end; y++) {
    for (let x = 0; x < width; x++, o++) {
      let known = 1;
      for (let j = 0, row = y * step * size.width + x * step; j < step; j++, row += size.width) {
        for (let i = row; i < row + step; i++) if (asked[i] !== 0 || sent[i * 4 + 3] !== 255) known = 0;
      }
      valid[o] = known;
    }
  }
}

/** Binomial 1 2 1 along both axes, in place; the edge repeats. */
function smooth(plane: Float32Array, scratch: Float32Array, width: number, height: number): void {
  for (let y = 0; y < height; y++) {
    const start = y * width;
    const last = start + width - 1;
    for (let i = start + 1; i < last; i++) scratch[i] = plane[i - 1]! + 2 * plane[i]! + plane[i + 1]!;
    scratch[start] = 3 * plane[start]! + plane[Math.min(last, start + 1)]!;
    scratch[last] = 3 * plane[last]! + plane[Math.max(start, last - 1)]!;
  }
  for (let y = 0; y < height; y++) {
    const above = Math.max(0, y - 1) * width;
    const below = Math.min(height - 1, y + 1) * width;
    for (let x = 0, i = y * width; x < width; x++, i++) {
      plane[i] = (scratch[above + x]! + 2 * scratch[i]! + scratch[below + x]!) / 16;
    }
  }
}

/** Takes `margin` px off the valid part along both axes, in place. The picture's edge is no border. */
function shrink(valid: Uint8Array, width: number, height: number, margin: number): void {
  for (let y = 0; y < height; y++) shrinkLine(valid, y * width, 1, width, margin);
  for (let x = 0; x < width; x++) shrinkLine(valid, x, width, height, margin);
}

function shrinkLine(valid: Uint8Array, start: number, stride: number, length: number, margin: number): void {
  // Writes lag behind reads by `margin`, so that a pixel taken off does not take off others.
  for (let i = 0, since = margin; i < length; i++) {
    const at = start + i * stride;
    if (valid[at] === 0) {
      for (let back = 1; back <= Math.min(since, margin, i); back++) valid[at - back * stride] = 0;
      since = 0;
    } else if (since < margin) {
      since++;
      if (valid[at] === 1) valid[at] = 2;
    } else since++;
  }
  for (let i = 0; i < length; i++) if (valid[start + i * stride] === 2) valid[start + i * stride] = 0;
}
