import { createRandom } from '../random.ts';
import { type Canvas, eachPixel, lay, shine } from './canvas.ts';
import { along, type Colour, clamp01, mix, rgb, scale, smoothstep } from './colour.ts';
import { createNoise } from './noise.ts';

const PALETTES: readonly (readonly Colour[])[] = [
  [rgb(0x16213e), rgb(0x3f5fa8), rgb(0xe27d7a), rgb(0xf6c8a0)],
  [rgb(0x0f3b3e), rgb(0x2f8f83), rgb(0xb9dcc0), rgb(0xf6efd8)],
  [rgb(0x2a1a45), rgb(0x7a3f98), rgb(0xe58bb5), rgb(0xfbe3d2)],
  [rgb(0x3a1d1a), rgb(0xb4483a), rgb(0xeba34f), rgb(0xf8e5b8)],
];

/** Folded fields of colour: noise warped by noise (after Quilez), with soft light on the folds. */
export function paintAbstract(canvas: Canvas, said: readonly Colour[], seed: number): void {
  const { width, height, unit } = canvas;
  const random = createRandom(seed, 90);
  const noise = createNoise(seed, 91);
  const chosen = PALETTES[random.below(PALETTES.length)]!;
  const first = said[0];
  const colours =
    said.length > 2
      ? said
      : first
        ? [
            scale(first, 0.22),
            first,
            said[1] ?? mix(first, [1, 1, 1], 0.45),
            mix(said[1] ?? first, [1, 1, 1], 0.75),
          ]
        : chosen;
  const size = random.between(0.9, 1.5);
  eachPixel(canvas, 0, height, (x, y, pixel) => {
    const u = ((x - width / 2) / unit) * size + 7;
    const v = ((y - height / 2) / unit) * size + 3;
    const foldX = noise.fractal(u, v, 3);
    const foldY = noise.fractal(u + 5.2, v + 1.3, 3);
    const warpX = u + 1.7 * foldX;
    const warpY = v + 1.7 * foldY;
    const field = noise.fractal(warpX, warpY, 3);
    lay(canvas, pixel, along(colours, 0.5 + 0.85 * field + 0.22 * foldX), 1);
    const slope = noise.fractal(warpX + 0.06, warpY + 0.06, 3) - field;
    shine(canvas, pixel, [1, 0.97, 0.92], 0.5 * smoothstep(0.01, 0.09, slope) * clamp01(0.4 + foldY));
    lay(canvas, pixel, scale(colours[0]!, 0.5), 0.45 * smoothstep(0.01, 0.1, -slope));
  });
}
