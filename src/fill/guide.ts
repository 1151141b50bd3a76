import type { AbortSignalLike } from './abortSignal.ts';
import { KNOWN, type Level } from './level.ts';
import { stretchMembrane } from './membrane.ts';

const WINDOW_RADIUS = 4;
const SWEEPS = 60;
const KNOWN_PIXEL = 1 << 16;

/**
 * Writes how rough each pixel's surroundings are, 0..255, into `guide`: for known pixels the mean texture feature of the
 * known pixels in a 9 × 9 window; across the hole a membrane between those of its border. Squared differences alone prefer
 * smooth sources, whose error is never large; a level that is guided pays for a source that is smoother, or rougher, than
 * its place. What is `sole` (`soleness.ts`), so many steps per pixel, counts as rougher than it is.
 */
export function writeGuide(level: Level, sole: Float64Array, signal: AbortSignalLike | undefined): void {
  const { width, height, pixels, state, guide } = level;
  /** Known pixels in the upper half of a word, the sum of their texture in the lower: a window's 81 fit. */
  const columns = new Int32Array(width);
  const rough = new Float64Array(width * height);
  const addRow = (y: number, sign: number) => {
    if (y < 0 || y >= height) return;
    for (let x = 0, at = y * width; x < width; x++, at++)
      if (state[at] === KNOWN) columns[x]! += sign * (KNOWN_PIXEL + pixels[at * 4 + 3]!);
  };
  for (let y = 0; y < WINDOW_RADIUS; y++) addRow(y, 1);
  for (let y = 0; y < height; y++) {
    addRow(y + WINDOW_RADIUS, 1);
    addRow(y - WINDOW_RADIUS - 1, -1);
    let sum = 0;
    for (let x = -WINDOW_RADIUS; x < width; x++) {
      if (x + WINDOW_RADIUS < width) sum += columns[x + WINDOW_RADIUS]!;
      if (x > WINDOW_RADIUS) sum -= columns[x - WINDOW_RADIUS - 1]!;
      if (x >= 0 && state[y * width + x] === KNOWN) rough[y * width + x] = (sum & 0xffff) / (sum >> 16);
    }
  }
  stretchMembrane(level, rough, SWEEPS, signal);
  for (let at = 0; at < rough.length; at++)
    guide[at] = Math.min(255, Math.max(0, Math.round(rough[at]! + sole[at]!)));
}
