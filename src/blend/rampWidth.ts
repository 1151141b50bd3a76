import { distanceTo } from '../raster/distance.ts';

/**
 * How wide the ramp is at each pixel, in px, at most `ramp`: the local thickness, that is the radius of the largest
 * disc inside the mask that covers the pixel (T. Hildebrand, P. Rüegsegger, "A new method for the model-independent
 * assessment of thickness in three-dimensional images", J. Microscopy 185, 1997), then limited to grow by no more
 * than 1 per px: where a thin line enters a blob its middle would otherwise dip, because the blob's wide ramp begins
 * at once. Outside the mask the value means nothing.
 *
 * @param distance to the nearest pixel outside the mask, per pixel
 */
export function rampWidths(
  distance: Float32Array,
  width: number,
  height: number,
  ramp: number,
): Float32Array {
  // Discs of the full radius at once: all that is nearer than `ramp` to one of their centres.
  const toWide = distanceTo((i) => distance[i]! >= ramp, width, height);
  const widths = new Float32Array(distance.length);
  for (let i = 0; i < widths.length; i++) widths[i] = toWide[i]! < ramp ? ramp : distance[i]!;
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const radius = distance[i]!;
      if (radius === 0 || widths[i] === ramp || insideNeighbour(distance, width, height, x, y)) continue;
      raiseDisc(widths, width, height, x, y, radius);
    }
  }
  limitSlope(widths, distance, width, height);
  return widths;
}

/** True when the pixel's disc lies wholly within a neighbour's: only centres of maximal discs need drawing. */
function insideNeighbour(
  distance: Float32Array,
  width: number,
  height: number,
  x: number,
  y: number,
): boolean {
  const radius = distance[y * width + x]!;
  for (let dy = -1; dy <= 1; dy++) {
    for (let dx = -1; dx <= 1; dx++) {
      const nx = x + dx;
      const ny = y + dy;
      if ((dx === 0 && dy === 0) || nx < 0 || ny < 0 || nx >= width || ny >= height) continue;
      if (distance[ny * width + nx]! >= radius + Math.hypot(dx, dy) - 1e-4) return true;
    }
  }
  return false;
}

function raiseDisc(
  widths: Float32Array,
  width: number,
  height: number,
  x: number,
  y: number,
  radius: number,
): void {
  const reach = Math.ceil(radius) - 1;
  for (let ny = Math.max(0, y - reach); ny <= Math.min(height - 1, y + reach); ny++) {
    for (let nx = Math.max(0, x - reach); nx <= Math.min(width - 1, x + reach); nx++) {
      const i = ny * width + nx;
      if (widths[i]! < radius && (nx - x) ** 2 + (ny - y) ** 2 < radius * radius) widths[i] = radius;
    }
  }
}

/** Two sweeps of a chamfer: no pixel of the mask exceeds a neighbour of the mask by more than their distance. */
function limitSlope(widths: Float32Array, distance: Float32Array, width: number, height: number): void {
  const sweep = (from: number, end: number, step: 1 | -1) => {
    for (let i = from; i !== end; i += step) {
      if (distance[i] === 0) continue;
      const x = i % width;
      const y = (i - x) / width;
      const backX = x - step >= 0 && x - step < width;
      const aheadX = x + step >= 0 && x + step < width;
      const backY = y - step >= 0 && y - step < height;
      const limit = (n: number, far: number) => {
        if (distance[n]! > 0 && widths[n]! + far < widths[i]!) widths[i] = widths[n]! + far;
      };
      if (backX) limit(i - step, 1);
      if (!backY) continue;
      const above = i - step * width;
      limit(above, 1);
      if (backX) limit(above - step, Math.SQRT2);
      if (aheadX) limit(above + step, Math.SQRT2);
    }
  };
  sweep(0, widths.length, 1);
  sweep(widths.length - 1, -1, -1);
}
