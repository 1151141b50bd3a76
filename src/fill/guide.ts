import { KNOWN, type Level } from './level.ts';
import { stretchMembrane } from './membrane.ts';

const WINDOW_RADIUS = 4;

/**
 * Writes how rough each pixel's surroundings are, 0..255, into `guide`: for known pixels the mean texture feature of the
 * known pixels in a 9 × 9 window; across the hole a membrane between those of its border. Squared differences alone prefer smooth sources, whose error is never large; a level that is
 * guided pays for a source that is smoother, or rougher, than its place.
 */
export function writeGuide(level: Level): void {
  const { width, height, pixels, state, guide } = level;
  const rough = new Float64Array(width * height);
  const count = new Float64Array(width * height);
  for (let at = 0; at < rough.length; at++) {
    if (state[at] !== KNOWN) continue;
    rough[at] = pixels[at * 4 + 3]!;
    count[at] = 1;
  }
  const sums = boxSums(rough, width, height);
  const counts = boxSums(count, width, height);
  for (let at = 0; at < rough.length; at++) if (count[at] === 1) rough[at] = sums[at]! / counts[at]!;
  stretchMembrane(level, rough);
  for (let at = 0; at < rough.length; at++) guide[at] = Math.min(255, Math.max(0, Math.round(rough[at]!)));
}

/** Sums over the window around each pixel, as far as it lies in the picture. */
function boxSums(values: Float64Array, width: number, height: number): Float64Array {
  const rows = new Float64Array(values.length);
  const sums = new Float64Array(values.length);
  for (let y = 0; y < height; y++)
    slide(
      width,
      (x) => values[y * width + x]!,
      (x, sum) => {
        rows[y * width + x] = sum;
      },
    );
  for (let x = 0; x < width; x++)
    slide(
      height,
      (y) => rows[y * width + x]!,
      (y, sum) => {
        sums[y * width + x] = sum;
      },
    );
  return sums;
}

function slide(length: number, read: (at: number) => number, write: (at: number, sum: number) => void): void {
  let sum = 0;
  for (let at = -WINDOW_RADIUS; at < length; at++) {
    if (at + WINDOW_RADIUS < length) sum += read(at + WINDOW_RADIUS);
    if (at > WINDOW_RADIUS) sum -= read(at - WINDOW_RADIUS - 1);
    if (at >= 0) write(at, sum);
  }
}
