import type { Size } from '../../src/blend/size.ts';

/** Peak signal to noise of red, green and blue where `where` is above 0, in dB; 99 when they are the same. */
export function psnr(a: Uint8Array, b: Uint8Array, where: Uint8Array): number {
  let sum = 0;
  let count = 0;
  for (let i = 0; i < where.length; i++) {
    if (where[i] === 0) continue;
    for (let c = 0; c < 3; c++) sum += (a[i * 4 + c]! - b[i * 4 + c]!) ** 2;
    count += 3;
  }
  return sum === 0 ? 99 : Math.min(99, 10 * Math.log10((255 ** 2 * count) / sum));
}

/** 1 within `reach` px of the border between weights of 0 and above. */
export function seamBand(weights: Uint8Array, { width, height }: Size, reach: number): Uint8Array {
  const out = new Uint8Array(weights.length);
  const isIn = (x: number, y: number) => weights[y * width + x]! > 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const here = isIn(x, y);
      const right = x + 1 < width && isIn(x + 1, y) !== here;
      const below = y + 1 < height && isIn(x, y + 1) !== here;
      if (!right && !below) continue;
      const toX = Math.min(width - 1, x + reach - 1 + (right ? 1 : 0));
      const toY = Math.min(height - 1, y + reach - 1 + (below ? 1 : 0));
      for (let ny = Math.max(0, y - reach + 1); ny <= toY; ny++) {
        out.fill(1, ny * width + Math.max(0, x - reach + 1), ny * width + toX + 1);
      }
    }
  }
  return out;
}

/** Mean square of the steps to the right and down, of red, green and blue together, where `where` is above 0. */
export function gradientEnergy(pixels: Uint8Array, where: Uint8Array, { width, height }: Size): number {
  let sum = 0;
  let count = 0;
  for (let y = 0; y + 1 < height; y++) {
    for (let x = 0; x + 1 < width; x++) {
      const i = y * width + x;
      if (where[i] === 0) continue;
      count++;
      for (let p = i * 4; p < i * 4 + 3; p++) {
        sum += (pixels[p + 4]! - pixels[p]!) ** 2 + (pixels[p + width * 4]! - pixels[p]!) ** 2;
      }
    }
  }
  return count === 0 ? 0 : sum / count;
}

/** Pixels that differ in any of four bytes where the weight is 0. */
export function changedOutside(a: Uint8Array, b: Uint8Array, weights: Uint8Array): number {
  let count = 0;
  for (let i = 0; i < weights.length; i++) {
    if (weights[i]! > 0) continue;
    const p = i * 4;
    if (a[p] !== b[p] || a[p + 1] !== b[p + 1] || a[p + 2] !== b[p + 2] || a[p + 3] !== b[p + 3]) count++;
  }
  return count;
}
