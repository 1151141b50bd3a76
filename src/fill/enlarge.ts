import { type Level, VOID } from './level.ts';

/**
 * The colour of one pixel of the finest level as a level that is `depth` halvings coarser has it, smoothed (bilinear),
 * written opaque to `target` at byte `to`. Void pixels are not mixed in.
 */
export function enlarge(
  level: Level,
  depth: number,
  x: number,
  y: number,
  target: Uint8Array,
  to: number,
): void {
  const { width, height, pixels, state } = level;
  const size = 2 ** depth;
  const centreX = (x + 0.5) / size - 0.5;
  const centreY = (y + 0.5) / size - 0.5;
  const left = Math.floor(centreX);
  const top = Math.floor(centreY);
  let total = 0;
  let red = 0;
  let green = 0;
  let blue = 0;
  for (let row = top; row <= top + 1; row++)
    for (let column = left; column <= left + 1; column++) {
      const inX = Math.min(width - 1, Math.max(0, column));
      const inY = Math.min(height - 1, Math.max(0, row));
      const at = inY * width + inX;
      if (state[at] === VOID) continue;
      const weight = (1 - Math.abs(centreX - column)) * (1 - Math.abs(centreY - row));
      total += weight;
      red += weight * pixels[at * 4]!;
      green += weight * pixels[at * 4 + 1]!;
      blue += weight * pixels[at * 4 + 2]!;
    }
  if (total === 0) return;
  target[to] = red / total + 0.5;
  target[to + 1] = green / total + 0.5;
  target[to + 2] = blue / total + 0.5;
  target[to + 3] = 255;
}
