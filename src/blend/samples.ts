import { spread } from './spread.ts';
import type { Level } from './workLevel.ts';

/** The pixels of the sent picture that a fit rests on. Places in px of the level, centres at halves. */
export interface Samples {
  readonly count: number;
  readonly x: Float32Array;
  readonly y: Float32Array;
  /** The luma's slope there, levels per px. */
  readonly slopeX: Float32Array;
  readonly slopeY: Float32Array;
  /** Red, green and blue, −1 to 1. */
  readonly colour: readonly [Float32Array, Float32Array, Float32Array];
  /** Which of 8 × 8 tiles it lies in. */
  readonly tile: Uint8Array;
}

/** Slopes below this, in levels per px, are rounding and noise. */
const LEAST_SLOPE = 0.3;

/** Tiles per axis. */
export const TILES = 8;

/**
 * At most about `most` valid pixels with the steepest luma, spread over the picture. The work level's margin is wide
 * enough that no slope there has seen what was asked for; coarser levels are only stepping stones.
 */
export function samplesOf({ width, height, sent, sentLuma, valid }: Level, most: number): Samples {
  const slope = new Float32Array(width * height);
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1, i = y * width + 1; x < width - 1; x++, i++) {
      if (valid[i] === 0) continue;
      const dx = sentLuma[i + 1]! - sentLuma[i - 1]!;
      const dy = sentLuma[i + width]! - sentLuma[i - width]!;
      const squared = (dx * dx + dy * dy) / 4;
      if (squared > LEAST_SLOPE * LEAST_SLOPE) slope[i] = Math.sqrt(squared);
    }
  }
  const chosen = spread(slope, width, height, most, 32);
  const count = chosen.length;
  const floats = () => new Float32Array(count);
  const colour = [floats(), floats(), floats()] as const;
  const out = { count, x: floats(), y: floats(), slopeX: floats(), slopeY: floats(), colour, tile: new Uint8Array(count) };
  for (let k = 0; k < count; k++) {
    const i = chosen[k]!;
    const y = Math.floor(i / width);
    const x = i - y * width;
    out.x[k] = x + 0.5;
    out.y[k] = y + 0.5;
    out.slopeX[k] = (sentLuma[i + 1]! - sentLuma[i - 1]!) / 2;
    out.slopeY[k] = (sentLuma[i + width]! - sentLuma[i - width]!) / 2;
    for (let c = 0; c < 3; c++) colour[c]![k] = sent[c]![i]! / 128 - 1;
    out.tile[k] = Math.floor((y * TILES) / height) * TILES + Math.floor((x * TILES) / width);
  }
  return out;
}
