import { createRandom } from '../random.ts';

export interface Noise {
  /** Gradient noise, about −1..1, features of size 1 (Perlin 2002). */
  at(x: number, y: number): number;
  /** Fractal sum, about −1..1; each octave has twice the detail and half the strength. */
  fractal(x: number, y: number, octaves: number): number;
  /** Fractal sum of creases, 0..1, 1 on the crests: mountains, veins. */
  ridged(x: number, y: number, octaves: number): number;
}

export function createNoise(...seeds: readonly number[]): Noise {
  const random = createRandom(...seeds);
  const order = new Uint8Array(512);
  for (let i = 0; i < 256; i++) order[i] = i;
  for (let i = 255; i > 0; i--) {
    const j = random.below(i + 1);
    const kept = order[i]!;
    order[i] = order[j]!;
    order[j] = kept;
  }
  order.copyWithin(256, 0, 256);
  const gradientX = new Float32Array(256);
  const gradientY = new Float32Array(256);
  for (let i = 0; i < 256; i++) {
    const angle = (i / 256) * 2 * Math.PI;
    gradientX[i] = Math.cos(angle);
    gradientY[i] = Math.sin(angle);
  }

  function at(x: number, y: number): number {
    const floorX = Math.floor(x);
    const floorY = Math.floor(y);
    const dx = x - floorX;
    const dy = y - floorY;
    const left = order[floorX & 255]!;
    const right = order[(floorX + 1) & 255]!;
    const row = floorY & 255;
    const a = order[left + row]!;
    const b = order[right + row]!;
    const c = order[left + ((row + 1) & 255)]!;
    const d = order[right + ((row + 1) & 255)]!;
    const fadeX = dx * dx * dx * (dx * (dx * 6 - 15) + 10);
    const fadeY = dy * dy * dy * (dy * (dy * 6 - 15) + 10);
    const topLeft = gradientX[a]! * dx + gradientY[a]! * dy;
    const topRight = gradientX[b]! * (dx - 1) + gradientY[b]! * dy;
    const bottomLeft = gradientX[c]! * dx + gradientY[c]! * (dy - 1);
    const bottomRight = gradientX[d]! * (dx - 1) + gradientY[d]! * (dy - 1);
    const top = topLeft + fadeX * (topRight - topLeft);
    const bottom = bottomLeft + fadeX * (bottomRight - bottomLeft);
    return 1.4 * (top + fadeY * (bottom - top));
  }

  return {
    at,
    fractal(x, y, octaves) {
      let sum = 0;
      let strength = 0.5;
      let scale = 1;
      for (let i = 0; i < octaves; i++) {
        sum += strength * at(x * scale + 17.3 * i, y * scale - 9.1 * i);
        strength *= 0.5;
        scale *= 2.03;
      }
      return sum;
    },
    ridged(x, y, octaves) {
      let sum = 0;
      let strength = 0.5;
      let scale = 1;
      let weight = 1;
      for (let i = 0; i < octaves; i++) {
        const crest = (1 - Math.abs(at(x * scale + 31.7 * i, y * scale + 5.3 * i))) ** 2 * weight;
        sum += strength * crest;
        weight = Math.min(1, crest * 1.6);
        strength *= 0.5;
        scale *= 2.07;
      }
      return sum;
    },
  };
}
