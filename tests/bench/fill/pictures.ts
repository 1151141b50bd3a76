import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import sharp from 'sharp';
import { drawnScene } from '../../drawnScene.ts';
import type { RgbPicture } from './metrics.ts';

export interface NamedPicture extends RgbPicture {
  readonly name: string;
}

/** What Debian's package `mate-backgrounds` brings: photographs, but for the rest of its abstract ones. */
const DEBIAN = [
  '/usr/share/backgrounds/mate/nature',
  '/usr/share/backgrounds/mate/abstract/Elephants_3840x2160.jpg',
];

const isPicture = (path: string) => ['.jpg', '.jpeg', '.png', '.webp'].includes(extname(path).toLowerCase());

function filesOf(paths: readonly string[]): string[] {
  const files = paths.flatMap((path) =>
    statSync(path).isDirectory()
      ? readdirSync(path)
          .filter(isPicture)
          .map((name) => join(path, name))
      : [path],
  );
  const nameOf = (path: string) => basename(path).toLowerCase();
  return files.sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
}

export type Share = 'odd' | 'even' | 'all';

/**
 * The photographs at these paths (files or folders; without any, Debian's), by name, the first being number
 * 1; of them the odd or even ones. Each is the middle of its file, 4 : 3 or 3 : 4, and as long as `size`;
 * never enlarged, and left out when that makes it shorter than three quarters of it. Without photographs,
 * drawn scenes. `note` hears of all this.
 */
export async function loadPictures(
  paths: readonly string[],
  size: number,
  share: Share,
  note: (text: string) => void,
): Promise<NamedPicture[]> {
  const present = paths.length > 0 ? paths : DEBIAN.filter(existsSync);
  if (present.length === 0) {
    note('NO PHOTOGRAPHS: drawn scenes are measured, which say little. Name files or folders after `--`,');
    note('or get Debian’s: apt-get install mate-backgrounds');
    return drawnPictures(size);
  }
  const mine = filesOf(present).filter((_, i) => share === 'all' || (i % 2 === 0) === (share === 'odd'));
  const pictures: NamedPicture[] = [];
  for (const path of mine) {
    const picture = await loadPicture(path, size);
    if (Math.max(picture.width, picture.height) < 0.75 * size)
      note(`${picture.name} is too small, left out.`);
    else pictures.push(picture);
  }
  return pictures;
}

async function loadPicture(path: string, size: number): Promise<NamedPicture> {
  const upright = sharp(path, { autoOrient: true });
  const { autoOrient } = await upright.metadata();
  const portrait = autoOrient.height > autoOrient.width;
  const [across, down] = portrait ? [3, 4] : [4, 3];
  const unit = Math.floor(Math.min(size / 4, autoOrient.width / across, autoOrient.height / down));
  const { data, info } = await upright
    .resize(unit * across, unit * down, { fit: 'cover' })
    .flatten({ background: 'white' })
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { name: basename(path, extname(path)), width: info.width, height: info.height, rgb: data };
}

function drawnPictures(size: number): NamedPicture[] {
  const height = (size / 4) * 3;
  const scene = drawnScene(2 * size, height);
  return [0, 1].map((part) => {
    const rgb = new Uint8Array(size * height * 3);
    for (let y = 0, at = 0; y < height; y++)
      for (let x = 0; x < size; x++, at += 3) {
        const from = (y * 2 * size + part * size + x) * 4;
        rgb.set(scene.subarray(from, from + 3), at);
      }
    return { name: `drawn ${part + 1}`, width: size, height, rgb };
  });
}
