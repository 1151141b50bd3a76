import { spread, tileIndex } from './spread.ts';
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
  /** Which of the tiles it lies in. */
  readonly tile: Uint8Array;
}

/** Slopes below this, in levels per px, are rounding and noise. */
const LEAST_SLOPE = 0.3;

/** Slopes from here on, in levels per px, are as good as any. */
const FULL_SLOPE = 32;

/** Px at the picture's edge that are left out: what a service puts there is guessed, and so is smoothing. */
const BORDER = 2;

/**
 * At most about `most` valid pixels with the steepest luma, spread over the picture. The work level's margin is wide
 * enough that no slope there has seen what was asked for; coarser levels are only stepping stones.
 */
export function samplesOf({ width, height, sent, sentLuma, valid }: Level, most: number): Samples {
  const slope = new Float32Array(width * height);
  for (let y = BORDER; y < height - BORDER; y++) {
    for (let x = BORDER, i = y * width + x; x < width - BORDER; x++, i++) {
      if (valid[i] === 0) continue;
      const dx = sentLuma[i + 1]! - sentLuma[i - 1]!;
      const dy = sentLuma[i + width]! - sentLuma[i - width]!;
      const squared = (dx * dx + dy * dy) / 4;
      if (squared > LEAST_SLOPE * LEAST_SLOPE) slope[i] = Math.sqrt(squared);
    }
  }
  const chosen = spread(slope, width, height, most, FULL_SLOPE);
  const { columns, rows } = tileIndex(width, height);
  const count = chosen.length;
  const floats = () => new Float32Array(count);
  const places = { x: floats(), y: floats(), slopeX: floats(), slopeY: floats() };
  const colour = [floats(), floats(), floats()] as const;
  const tile = new Uint8Array(count);
  for (let k = 0; k < count; k++) {
    const i = chosen[k]!;
    const y = Math.floor(i / width);
    const x = i - y * width;
    places.x[k] = x + 0.5;
    places.y[k] = y + 0.5;
    places.slopeX[k] = (sentLuma[i + 1]! - sentLuma[i - 1]!) / 2;
    places.slopeY[k] = (sentLuma[i + width]! - sentLuma[i - width]!) / 2;
    for (let c = 0; c < 3; c++) colour[c]![k] = sent[c]![i]! / 128 - 1;
    tile[k] = rows[y]! + columns[x]!;
  }
  return { count, ...places, colour, tile };
}

/** Some of the samples. */
export function chosenSamples(all: Samples, isIn: (k: number) => boolean): Samples {
  const own = <T extends Float32Array | Uint8Array>(values: T) => values.filter((_, k) => isIn(k)) as T;
  const tile = own(all.tile);
  return {
    count: tile.length,
    x: own(all.x),
    y: own(all.y),
    slopeX: own(all.slopeX),
    slopeY: own(all.slopeY),
    colour: [own(all.colour[0]), own(all.colour[1]), own(all.colour[2])],
    tile,
  };
}
