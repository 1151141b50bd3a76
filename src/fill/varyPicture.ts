import { fillHole } from './fillHole.ts';
import { type FillHooks, mapStages } from './hooks.ts';
import type { Picture } from './picture.ts';
import { createRandom, mixSeed } from './random.ts';

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
 * border of 5 to 15 % is new and filled from the rest, and graded within ±15° of hue. Needs no understanding of what
 * it shows, so it can't spoil it. The same seed gives the same bytes.
 */
export function varyPicture(request: VaryRequest, hooks: FillHooks = {}): Uint8Array<ArrayBuffer> {
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
  const graded = (rgba: Uint8Array<ArrayBuffer>) => {
    gradeColours(rgba, grade);
    return rgba;
  };
  return graded(fillHole({ ...moved, seed: mixSeed(request.seed, 0x0417) }, mapStages(hooks, graded)));
}

/** The picture mirrored and shifted in its own frame; the border that this uncovers is the hole. */
function move(picture: Picture, mirror: boolean, strength: number, angle: number, reach: number) {
  const { width, height } = picture;
  const crop = (0.05 + (MOST_CROP - 0.05) * strength) * reach;
  const shiftX = Math.round(width * crop * Math.cos(angle));
  const shiftY = Math.round(height * crop * Math.sin(angle));
  const rgba = new Uint8Array(width * height * 4);
  const hole = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      const fromX = mirror ? width - 1 - (x - shiftX) : x - shiftX;
      const fromY = y - shiftY;
      const nearX = Math.min(width - 1, Math.max(0, fromX));
      const nearY = Math.min(height - 1, Math.max(0, fromY));
      const from = (nearY * width + nearX) * 4;
      const inside = nearX === fromX && nearY === fromY;
      // Beyond a transparent edge there is nothing to continue.
      if (!inside && picture.rgba[from + 3] !== 0) hole[at] = 1;
      if (inside) rgba.set(picture.rgba.subarray(from, from + 4), at * 4);
    }
  }
  return { width, height, rgba, hole };
}

interface Grade {
  /** Rotation of chroma in radians. */
  readonly hue: number;
  /** Factor on chroma. */
  readonly saturation: number;
  /** Factor on the distance of luma from the middle. */
  readonly contrast: number;
  /** Shift of chroma from blue to orange, as a share of full range. */
  readonly warmth: number;
}

/** Rotates and scales chroma around luma (BT.601), in place; alpha stays. */
function gradeColours(rgba: Uint8Array, grade: Grade): void {
  const cos = Math.cos(grade.hue) * grade.saturation;
  const sin = Math.sin(grade.hue) * grade.saturation;
  for (let at = 0; at < rgba.length; at += 4) {
    const red = rgba[at]!;
    const green = rgba[at + 1]!;
    const blue = rgba[at + 2]!;
    const luma = 0.299 * red + 0.587 * green + 0.114 * blue;
    const chromaBlue = 0.564 * (blue - luma);
    const chromaRed = 0.713 * (red - luma);
    const middle = 1 - Math.abs(luma - 128) / 128;
    const turnedBlue = cos * chromaBlue - sin * chromaRed - grade.warmth * 255 * middle;
    const turnedRed = sin * chromaBlue + cos * chromaRed + grade.warmth * 255 * middle;
    const toned = 128 + (luma - 128) * grade.contrast;
    rgba[at] = clampByte(toned + 1.403 * turnedRed);
    rgba[at + 1] = clampByte(toned - 0.344 * turnedBlue - 0.714 * turnedRed);
    rgba[at + 2] = clampByte(toned + 1.773 * turnedBlue);
  }
}

const clampByte = (value: number) => Math.min(255, Math.max(0, Math.round(value)));
