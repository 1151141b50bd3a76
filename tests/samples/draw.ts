/**
 * Draws the sample pictures of the empty state and the icons of the page:
 *   node tests/samples/draw.ts
 * Scenes are SVG, so they stay editable; grain is added to give the fill engine and the eye some texture.
 */
import { mkdir, readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { harbour } from './harbour.ts';
import { lake } from './lake.ts';
import { room } from './room.ts';
import { HEIGHT, WIDTH } from './scene.ts';

const publicFolder = new URL('../../public/', import.meta.url);
const outputs = new URL('samples/', publicFolder);

/** Monochrome noise, mean 128, for a soft-light layer. `seed` makes it repeatable. */
function grain(seed: number): Buffer {
  const pixels = Buffer.alloc(WIDTH * HEIGHT * 3);
  let state = seed;
  for (let i = 0; i < pixels.length; i += 3) {
    // Numerical Recipes' linear congruential generator; the sum of two tends to the middle.
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const first = state >>> 24;
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const value = 128 + ((first + (state >>> 24)) / 2 - 128) * 0.34;
    pixels.fill(Math.round(value), i, i + 3);
  }
  return pixels;
}

await mkdir(outputs, { recursive: true });
for (const [name, svg] of Object.entries({ harbour, room, lake })) {
  const raw = { width: WIDTH, height: HEIGHT, channels: 3 } as const;
  const noise = await sharp(grain(name.length * 7919), { raw })
    .blur(0.7)
    .png()
    .toBuffer();
  const picture = await sharp(Buffer.from(svg))
    .composite([{ input: noise, blend: 'soft-light' }])
    .removeAlpha()
    .png()
    .toBuffer();
  await sharp(picture)
    .webp({ quality: 80, effort: 6 })
    .toFile(new URL(`${name}.webp`, outputs).pathname);
  await sharp(picture)
    .resize(480, 320)
    .webp({ quality: 82, effort: 6 })
    .toFile(new URL(`${name}-small.webp`, outputs).pathname);
}

const mark = await readFile(new URL('favicon.svg', publicFolder), 'utf8');
const icon = `<svg xmlns="http://www.w3.org/2000/svg" width="180" height="180" viewBox="-6 -6 36 36">
  <rect x="-6" y="-6" width="36" height="36" fill="#fff"/>${mark.replace(/@media[^}]*}[^}]*}\s*}/, '')}</svg>`;
await sharp(Buffer.from(icon)).png().toFile(new URL('icon-180.png', publicFolder).pathname);
