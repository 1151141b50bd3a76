import { writeFileSync } from 'node:fs';
import type { RgbPicture } from './metrics.ts';

interface GreyPicture {
  readonly width: number;
  readonly height: number;
  readonly grey: Uint8Array;
}

/** Binary PPM or PGM, which every program here reads without a word about compression or profiles. */
export function writeNetpbm(path: string, picture: RgbPicture | GreyPicture): void {
  const { width, height } = picture;
  const [magic, bytes] = 'grey' in picture ? ['P5', picture.grey] : ['P6', picture.rgb];
  writeFileSync(path, Buffer.concat([Buffer.from(`${magic}\n${width} ${height}\n255\n`), bytes]));
}

/** A binary PPM of 8 bits, comments in its head allowed. Throws when it is something else. */
export function parseNetpbm(file: Uint8Array): RgbPicture {
  const head = /^P6\s(?:#[^\n]*\n|\s)*(\d+)\s(?:#[^\n]*\n|\s)*(\d+)\s(?:#[^\n]*\n|\s)*255\s/.exec(
    Buffer.from(file.subarray(0, 1000)).toString('latin1'),
  );
  if (!head) throw new Error('not a binary PPM of 8 bits');
  const [width, height] = [Number(head[1]), Number(head[2])];
  const rgb = new Uint8Array(file.subarray(head[0].length, head[0].length + width * height * 3));
  if (rgb.length < width * height * 3) throw new Error('the PPM ends too early');
  return { width, height, rgb };
}
