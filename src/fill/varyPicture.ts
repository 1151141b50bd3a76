import { fillHole } from './fillHole.ts';
import { type FillHooks, mapStages } from './hooks.ts';
import type { FillRequest, Picture } from './picture.ts';
import { createRandom, mixSeed } from './random.ts';
import { addBlobs } from './variation/blobs.ts';
import { type Grade, gradeColours } from './variation/grade.ts';

export interface VaryRequest extends Picture {
  readonly seed: number;
  /** 0 = hardly another picture … 1 = as far as this goes. */
  readonly strength: number;
}

/** Share of the width and height that is cut away at most; what is lost is filled again. */
const MOST_CROP = 0.15;
const MOST_HUE = (15 * Math.PI) / 180;

/**
 * Another take on a picture, straight RGBA of the same size: now and then mirrored, moved within its frame so that a
 * border of 5 to 15 % is new and filled from the rest, blobs of it filled again where its texture is stochastic, and
 * graded within ±15° of hue. Needs no understanding of what it shows, so it can't spoil it. Alpha moves along, and the
 * new border goes on with that of the old one. The same seed gives the same bytes.
 */
export function varyPicture(request: VaryRequest, hooks: FillHooks = {}): Uint8Array<ArrayBuffer> {
  const { moved, grade } = planVariation(request);
  const finish = (rgba: Uint8Array<ArrayBuffer>) => {
    for (let at = 3; at < rgba.length; at += 4) rgba[at] = moved.rgba[at]!;
    gradeColours(rgba, grade);
    return rgba;
  };
  return finish(fillHole(moved, mapStages(hooks, finish)));
}

/** What a variation fills and how it is graded afterwards. The alpha of `moved` is the result's, in its hole too. */
export function planVariation(request: VaryRequest): { moved: FillRequest; grade: Grade } {
  const random = createRandom(request.seed, 0x7a7);
  const strength = Math.min(1, Math.max(0, request.strength));
  const mirror = random.unit() < 0.5;
  const moved = move(request, mirror, strength, random.between(0, 2 * Math.PI), random.between(0.6, 1));
  const grade = {
    hue: random.between(-1, 1) * MOST_HUE * strength,
    saturation: 1 + random.between(-0.2, 0.25) * strength,
    contrast: 1 + random.between(-0.08, 0.12) * strength,
    warmth: random.between(-0.05, 0.05) * strength,
  };
  addBlobs(moved, strength, createRandom(request.seed, 0xb10b));
  return { moved: { ...moved, seed: mixSeed(request.seed, 0x0417) }, grade };
}

/** The picture mirrored and shifted in its own frame; the border that this uncovers is the hole. */
function move(picture: Picture, mirror: boolean, strength: number, angle: number, reach: number) {
  const { width, height } = picture;
  const crop = (0.05 + (MOST_CROP - 0.05) * strength) * reach;
  const shiftX = Math.round(width * crop * Math.cos(angle));
  const shiftY = Math.round(height * crop * Math.sin(angle));
  // Pixels are moved as words. A view of bytes may begin between two words; a copy doesn't.
  const aligned = picture.rgba.byteOffset % 4 === 0 ? picture.rgba : Uint8Array.from(picture.rgba);
  const from = new Uint32Array(aligned.buffer, aligned.byteOffset, width * height);
  const rgba = new Uint8Array(width * height * 4);
  const to = new Uint32Array(rgba.buffer);
  const hole = new Uint8Array(width * height);
  for (let y = 0, at = 0; y < height; y++) {
    const nearY = Math.min(height - 1, Math.max(0, y - shiftY));
    for (let x = 0; x < width; x++, at++) {
      const nearX = Math.min(width - 1, Math.max(0, x - shiftX));
      to[at] = from[nearY * width + (mirror ? width - 1 - nearX : nearX)]!;
      const inside = nearX === x - shiftX && nearY === y - shiftY;
      // Beyond a transparent edge there is nothing to continue.
      if (!inside && rgba[at * 4 + 3] !== 0) hole[at] = 1;
    }
  }
  return { width, height, rgba, hole };
}
