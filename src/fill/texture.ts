import { KNOWN, type Level } from './level.ts';

const WINDOW_RADIUS = 4;
const WEIGHT = 4;

/**
 * Writes the texture feature into the fourth channel of known pixels: four times the mean absolute gradient of luma
 * over the known pixels of a 9 × 9 window (after Newson et al. 2014). It keeps smooth and rough regions apart on
 * coarse levels, where averaging has made them look alike.
 */
export function writeTexture(level: Level): void {
  const { width, height, pixels, state } = level;
  const gradient = new Uint16Array(width * height);
  const counted = new Uint8Array(width * height);
  const luma = (at: number) => 77 * pixels[at * 4]! + 150 * pixels[at * 4 + 1]! + 29 * pixels[at * 4 + 2]!;
  for (let y = 0; y < height - 1; y++) {
    for (let x = 0; x < width - 1; x++) {
      const at = y * width + x;
      if (state[at] !== KNOWN || state[at + 1] !== KNOWN || state[at + width] !== KNOWN) continue;
      const here = luma(at);
      gradient[at] = (Math.abs(luma(at + 1) - here) + Math.abs(luma(at + width) - here)) >> 8;
      counted[at] = 1;
    }
  }
  const columnSum = new Int32Array(width);
  const columnCount = new Int32Array(width);
  const addRow = (y: number, sign: number) => {
    if (y < 0 || y >= height) return;
    for (let x = 0, at = y * width; x < width; x++, at++) {
      columnSum[x]! += sign * gradient[at]!;
      columnCount[x]! += sign * counted[at]!;
    }
  };
  for (let y = 0; y < WINDOW_RADIUS; y++) addRow(y, 1);
  for (let y = 0; y < height; y++) {
    addRow(y + WINDOW_RADIUS, 1);
    addRow(y - WINDOW_RADIUS - 1, -1);
    let sum = 0;
    let count = 0;
    for (let x = -WINDOW_RADIUS; x < width; x++) {
      const enter = x + WINDOW_RADIUS;
      const leave = x - WINDOW_RADIUS - 1;
      if (enter < width) {
        sum += columnSum[enter]!;
        count += columnCount[enter]!;
      }
      if (leave >= 0) {
        sum -= columnSum[leave]!;
        count -= columnCount[leave]!;
      }
      if (x < 0) continue;
      const at = y * width + x;
      if (state[at] === KNOWN) pixels[at * 4 + 3] = count > 0 ? Math.min(255, (WEIGHT * sum) / count) : 0;
    }
  }
}
