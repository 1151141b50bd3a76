import type { Placement } from '../../src/blend/placement.ts';
import type { Planes } from './planes.ts';

/** Half the length of the kernel in px; with β below, passes up to 0.8 of the Nyquist frequency without loss. */
const REACH = 8;
const BETA = 7;

/** Moved and scaled by a sinc under a Kaiser window (J. Kaiser, 1974), separable. What lies outside repeats the edge. */
export function warp({ size, channels }: Planes, placement: Placement): Planes {
  const { width, height } = size;
  const columns = kernel(width, placement.scaleX, placement.shiftX);
  const rows = kernel(height, placement.scaleY, placement.shiftY);
  const moved = (channel: Float32Array) => {
    const across = new Float32Array(width * height);
    for (let y = 0; y < height; y++) {
      const row = channel.subarray(y * width, (y + 1) * width);
      for (let x = 0, w = 0; x < width; x++) {
        let sum = 0;
        for (let k = 0, at = columns.starts[x]!; k < columns.taps; k++, at++, w++) {
          sum += columns.weights[w]! * row[at < 0 ? 0 : at < width ? at : width - 1]!;
        }
        across[y * width + x] = sum;
      }
    }
    const out = new Float32Array(width * height);
    for (let y = 0; y < height; y++) {
      for (let k = 0; k < rows.taps; k++) {
        const from = Math.min(height - 1, Math.max(0, rows.starts[y]! + k)) * width;
        const weight = rows.weights[y * rows.taps + k]!;
        for (let x = 0, i = y * width; x < width; x++, i++) out[i]! += weight * across[from + x]!;
      }
    }
    return out;
  };
  return { size, channels: [moved(channels[0]), moved(channels[1]), moved(channels[2])] };
}

function kernel(length: number, scale: number, shift: number) {
  const stretch = Math.max(1, 1 / scale);
  const reach = REACH * stretch;
  const taps = Math.ceil(2 * reach);
  const starts = new Int32Array(length);
  const weights = new Float32Array(length * taps);
  for (let i = 0; i < length; i++) {
    const centre = (i + 0.5 - shift) / scale - 0.5;
    const start = Math.floor(centre - reach) + 1;
    starts[i] = start;
    const own = weights.subarray(i * taps, (i + 1) * taps);
    let sum = 0;
    for (let k = 0; k < taps; k++) sum += own[k] = windowedSinc((start + k - centre) / stretch);
    for (let k = 0; k < taps; k++) own[k]! /= sum;
  }
  return { taps, starts, weights };
}

function windowedSinc(x: number): number {
  if (Math.abs(x) < 1e-9) return 1;
  const rest = 1 - (x / REACH) ** 2;
  if (rest <= 0) return 0;
  return ((Math.sin(Math.PI * x) / (Math.PI * x)) * bessel0(BETA * Math.sqrt(rest))) / bessel0(BETA);
}

/** The modified Bessel function of order 0, by its power series. */
function bessel0(x: number): number {
  let term = 1;
  let sum = 1;
  for (let k = 1; term > sum * 1e-9; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}
