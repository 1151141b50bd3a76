import type { Size } from './size.ts';

/**
 * Gives the fully transparent pixels under a hole soft colours that continue what is around them, opaque, in place:
 * image models look at what lies below a mask. Push-pull (S. Gortler et al., "The Lumigraph", 1996): averages of the
 * known pixels go up a pyramid, and what is missing is filled from the level above on the way down.
 *
 * @param pixels straight RGBA; @param hole one byte per pixel, > 0 = may be filled
 */
export function* prefillSteps(pixels: Uint8Array, hole: Uint8Array, size: Size): Generator<void, void> {
  const level = bottomLevel(pixels, size);
  if (!level.some((value, i) => i % 4 === 3 && value === 0 && hole[i >> 2]! > 0)) return;
  const pyramid: Level[] = [{ ...size, sums: level }];
  for (let top = pyramid[0]!; top.width > 1 || top.height > 1; top = pyramid.at(-1)!) {
    pyramid.push(push(top));
    yield;
  }
  if (pyramid.at(-1)!.sums[3] === 0) return;
  for (let k = pyramid.length - 2; k >= 0; k--) {
    pull(pyramid[k + 1]!, pyramid[k]!);
    yield;
  }
  for (let i = 0; i < hole.length; i++) {
    const p = i * 4;
    if (hole[i] === 0 || pixels[p + 3] !== 0) continue;
    for (let c = 0; c < 3; c++) pixels[p + c] = level[p + c]! + 0.5;
    pixels[p + 3] = 255;
  }
}

interface Level extends Size {
  /** Per pixel: mean red, green, blue (0–255) and how well they are known (0–1). */
  readonly sums: Float32Array;
}

function bottomLevel(pixels: Uint8Array, { width, height }: Size): Float32Array {
  const sums = new Float32Array(width * height * 4);
  for (let i = 0; i < sums.length; i += 4) {
    const known = pixels[i + 3]! / 255;
    if (known === 0) continue;
    sums[i] = pixels[i]!;
    sums[i + 1] = pixels[i + 1]!;
    sums[i + 2] = pixels[i + 2]!;
    sums[i + 3] = known;
  }
  return sums;
}

/** The level at half the size: means of up to four pixels, weighted by how well they are known. */
function push({ width, height, sums }: Level): Level {
  const next = { width: (width + 1) >> 1, height: (height + 1) >> 1 };
  const out = new Float32Array(next.width * next.height * 4);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = (y * width + x) * 4;
      const known = sums[i + 3]!;
      if (known === 0) continue;
      const o = ((y >> 1) * next.width + (x >> 1)) * 4;
      for (let c = 0; c < 3; c++) out[o + c]! += sums[i + c]! * known;
      out[o + 3]! += known;
    }
  }
  for (let o = 0; o < out.length; o += 4) {
    const known = out[o + 3]!;
    if (known === 0) continue;
    for (let c = 0; c < 3; c++) out[o + c]! /= known;
    out[o + 3] = Math.min(1, known);
  }
  return { ...next, sums: out };
}

/** Fills what is missing in `fine` from the level above, bilinearly. */
function pull(coarse: Level, fine: Level): void {
  const { width, height, sums } = fine;
  for (let y = 0; y < height; y++) {
    const cy = (y + 0.5) / 2 - 0.5;
    const y0 = Math.min(coarse.height - 1, Math.max(0, Math.floor(cy)));
    const y1 = Math.min(coarse.height - 1, y0 + 1);
    const fy = Math.min(1, Math.max(0, cy - y0));
    for (let x = 0; x < width; x++) {
      const i = (y * width + x) * 4;
      const known = sums[i + 3]!;
      if (known >= 1) continue;
      const cx = (x + 0.5) / 2 - 0.5;
      const x0 = Math.min(coarse.width - 1, Math.max(0, Math.floor(cx)));
      const x1 = Math.min(coarse.width - 1, x0 + 1);
      const fx = Math.min(1, Math.max(0, cx - x0));
      const [a, b] = [(y0 * coarse.width + x0) * 4, (y0 * coarse.width + x1) * 4];
      const [d, e] = [(y1 * coarse.width + x0) * 4, (y1 * coarse.width + x1) * 4];
      for (let c = 0; c < 3; c++) {
        const above = coarse.sums[a + c]! * (1 - fx) + coarse.sums[b + c]! * fx;
        const below = coarse.sums[d + c]! * (1 - fx) + coarse.sums[e + c]! * fx;
        sums[i + c] = sums[i + c]! * known + (above * (1 - fy) + below * fy) * (1 - known);
      }
      sums[i + 3] = 1;
    }
  }
}
