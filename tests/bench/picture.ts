import { existsSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';

/** Writes a square PNG of smooth colour with a little noise (as cameras have it) once; returns its path. */
export async function benchPicture(folder: string, size: number): Promise<string> {
  const path = join(folder, `picture-${size}.png`);
  if (existsSync(path)) return path;
  const data = Buffer.alloc(size * size * 3);
  const wave = Float64Array.from({ length: size }, (_, i) => Math.sin((i / size) * 9));
  let noise = 1;
  for (let y = 0, at = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      noise = (Math.imul(noise, 1664525) + 1013904223) >>> 0;
      data[at++] = 128 + 90 * wave[x]!;
      data[at++] = 120 + 70 * wave[y]! + (noise >>> 30);
      data[at++] = 100 + (100 * (x + y)) / (2 * size);
    }
  }
  const image = sharp(data, { raw: { width: size, height: size, channels: 3 }, limitInputPixels: false });
  await image.png({ compressionLevel: 3 }).toFile(path);
  return path;
}
