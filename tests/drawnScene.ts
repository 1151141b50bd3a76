/** Straight RGBA of a drawn picture, with what tests need to disturb it. */

/** Even numbers 0–1 from a seed, always the same (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Normally distributed, standard deviation 1 (Box–Muller). */
export function normalFrom(random: () => number): () => number {
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Smooth hills, a sky, hard edges and fine grain: levels from near black to near white in each channel. */
export function drawnScene(width: number, height: number): Uint8Array {
  const grain = normalFrom(randomFrom(7));
  const data = new Uint8ClampedArray(width * height * 4);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 4) {
      const sky = y < height * 0.4 + Math.sin(x / 37) * 12;
      const hill = 60 * Math.sin(x / 23) * Math.cos(y / 31) + 30 * Math.sin((x + y) / 9);
      const wall = Math.floor(x / 40 + y / 90) & 1 ? 40 : 0;
      const fine = grain() * 2;
      data[at] = (sky ? 90 + (y / height) * 120 : 110 + hill + wall) + fine;
      data[at + 1] = (sky ? 140 + (y / height) * 100 : 95 + hill * 0.8 - wall) + fine;
      data[at + 2] = (sky ? 215 - (x / width) * 60 : 60 + hill * 0.5 + wall * 0.5) + fine;
      data[at + 3] = 255;
    }
  }
  return new Uint8Array(data.buffer);
}

/** A picture whose colours are changed by `change(level, channel, x, y)`; alpha stays. */
export function changed(
  pixels: Uint8Array,
  width: number,
  change: (level: number, channel: number, x: number, y: number) => number,
): Uint8Array {
  const out = new Uint8ClampedArray(pixels);
  for (let i = 0; i < out.length; i++) {
    const pixel = i >> 2;
    if ((i & 3) < 3) out[i] = change(out[i]!, i & 3, pixel % width, Math.floor(pixel / width));
  }
  return new Uint8Array(out.buffer);
}

/** What a lossy format does: cosine transform of 8 × 8 blocks, coefficients rounded to steps that rise with the
 * frequency. `step` 0 loses nothing, 3 is a middling JPEG. The sides are multiples of 8. */
export function lossy(pixels: Uint8Array, width: number, step: number): Uint8Array {
  if (step === 0) return pixels;
  const basis = Float64Array.from({ length: 64 }, (_, i) => {
    const k = i >> 3;
    return Math.cos(((2 * (i & 7) + 1) * k * Math.PI) / 16) * (k === 0 ? Math.SQRT1_2 : 1) * 0.5;
  });
  const out = new Uint8ClampedArray(pixels);
  const block = new Float64Array(64);
  const turned = new Float64Array(64);
  /** block ← basis · block · basisᵀ, or back. */
  const transform = (back: boolean) => {
    for (const [from, to] of [
      [block, turned],
      [turned, block],
    ] as const) {
      for (let i = 0; i < 8; i++) {
        for (let k = 0; k < 8; k++) {
          let sum = 0;
          for (let j = 0; j < 8; j++) sum += from[i * 8 + j]! * basis[back ? j * 8 + k : k * 8 + j]!;
          to[k * 8 + i] = sum;
        }
      }
    }
  };
  const height = pixels.length / 4 / width;
  for (let y = 0; y < height; y += 8) {
    for (let x = 0; x < width; x += 8) {
      for (let channel = 0; channel < 3; channel++) {
        const at = (i: number) => ((y + (i >> 3)) * width + x + (i & 7)) * 4 + channel;
        for (let i = 0; i < 64; i++) block[i] = pixels[at(i)]!;
        transform(false);
        for (let i = 0; i < 64; i++) {
          const size = step * (1 + (i >> 3) + (i & 7));
          block[i] = Math.round(block[i]! / size) * size;
        }
        transform(true);
        for (let i = 0; i < 64; i++) out[at(i)] = block[i]!;
      }
    }
  }
  return new Uint8Array(out.buffer);
}

/** One byte per px: 255 where `inside(x, y)`. */
export function region(width: number, height: number, inside: (x: number, y: number) => boolean): Uint8Array {
  return Uint8Array.from({ length: width * height }, (_, i) =>
    inside(i % width, Math.floor(i / width)) ? 255 : 0,
  );
}
