import { localContrast } from './localContrast.ts';
import type { Placement } from './placement.ts';
import type { Level } from './workLevel.ts';

const BLOCK = 16;
/** Valid pixels that a block must have to be asked. */
const LEAST_PIXELS = 48;
/** Mean square of the locally normalised picture from which a block has texture: a deviation of about 1.6 levels. */
const LEAST_TEXTURE = 0.08;
/** Correlation from which a block agrees: unrelated texture reaches a third of it, noise seldom brings the same picture below. */
const AGREES = 0.65;

export interface Agreement {
  /** Blocks of 16 × 16 px of the level that have texture. */
  readonly textured: number;
  /** The share of them whose structure is the same in both pictures, 0–1. */
  readonly share: number;
}

/** Which parts of the sent picture are found again where a placement says, brightness and contrast aside. */
export function* agreementSteps(
  level: Level,
  { scaleX, scaleY, shiftX, shiftY }: Placement,
): Generator<void, Agreement> {
  const { width, height, step, valid } = level;
  const sent = localContrast(level.sentLuma, valid, width, height);
  yield;
  const returned = localContrast(level.returnedLuma, null, width, height);
  yield;
  let textured = 0;
  let agreeing = 0;
  for (let top = 0; top < height; top += BLOCK) {
    for (let left = 0; left < width; left += BLOCK) {
      let count = 0;
      let product = 0;
      let own = 0;
      let other = 0;
      for (let y = top; y < Math.min(height, top + BLOCK); y++) {
        const fromY = (y + 0.5) * scaleY + shiftY / step - 0.5;
        const row = Math.floor(fromY);
        if (row < 0 || row > height - 2) continue;
        for (let x = left; x < Math.min(width, left + BLOCK); x++) {
          if (valid[y * width + x] === 0) continue;
          const fromX = (x + 0.5) * scaleX + shiftX / step - 0.5;
          const column = Math.floor(fromX);
          if (column < 0 || column > width - 2) continue;
          const at = row * width + column;
          const s = fromX - column;
          const above = returned[at]! + s * (returned[at + 1]! - returned[at]!);
          const below = returned[at + width]! + s * (returned[at + width + 1]! - returned[at + width]!);
          const b = above + (fromY - row) * (below - above);
          const a = sent[y * width + x]!;
          count++;
          product += a * b;
          own += a * a;
          other += b * b;
        }
      }
      if (count < LEAST_PIXELS || own < LEAST_TEXTURE * count) continue;
      textured++;
      if (product > AGREES * Math.sqrt(own * other)) agreeing++;
    }
  }
  return { textured, share: textured > 0 ? agreeing / textured : 0 };
}
