import type { Picture } from './picture.ts';
import { createRandom } from './random.ts';

type Paint = (x: number, y: number) => readonly [number, number, number, number?];

/** A picture drawn by a function of the pixel; alpha is 255 unless given. For tests. */
export function drawPicture(width: number, height: number, paint: Paint): Picture {
  const rgba = new Uint8Array(width * height * 4);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [red, green, blue, alpha = 255] = paint(x, y);
      rgba.set([red, green, blue, alpha], (y * width + x) * 4);
    }
  }
  return { width, height, rgba };
}

/** 1 inside the half-open rectangle. */
export function rectHole(
  picture: Picture,
  left: number,
  top: number,
  right: number,
  bottom: number,
): Uint8Array {
  const hole = new Uint8Array(picture.width * picture.height);
  for (let y = top; y < bottom; y++) hole.fill(1, y * picture.width + left, y * picture.width + right);
  return hole;
}

export const stripes = (width: number, height: number) =>
  drawPicture(width, height, (x, y) => ((x + y) % 12 < 6 ? [220, 190, 60] : [40, 60, 130]));

export const checker = (width: number, height: number) =>
  drawPicture(width, height, (x, y) => (((x >> 3) + (y >> 3)) % 2 === 0 ? [230, 230, 220] : [30, 90, 60]));

export function grain(width: number, height: number): Picture {
  const random = createRandom(99);
  return drawPicture(width, height, () => {
    const value = 90 + random.below(80);
    return [value, value - 10, value - 30];
  });
}

export const slope = (width: number, height: number) =>
  drawPicture(width, height, (x, y) => [(200 * x) / width, 80 + (120 * y) / height, 120]);
