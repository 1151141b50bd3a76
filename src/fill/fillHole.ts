import { type Bounds, clusterRegions } from './clusters.ts';
import { enlarge } from './enlarge.ts';
import { generatePicture } from './generatePicture.ts';
import { type FillHooks, mapStages } from './hooks.ts';
import { HOLE, KNOWN, type Level, VOID } from './level.ts';
import type { FillRequest } from './picture.ts';
import { blendCopies } from './poisson.ts';
import { mixSeed } from './random.ts';
import { solve } from './solve.ts';
import { writeTexture } from './texture.ts';

/**
 * Fills the hole with texture taken from the rest of the picture and returns the whole picture, straight RGBA.
 * Pixels outside the hole are returned byte for byte. Transparent pixels (alpha 0) are never read; a filled pixel
 * takes the alpha of the pixel it was copied from. The same seed gives the same bytes, another seed another fill.
 * A picture that shows nothing outside the hole is replaced by a procedural one. Throws only what `hooks.signal` throws.
 */
export function fillHole(request: FillRequest, hooks: FillHooks = {}): Uint8Array<ArrayBuffer> {
  const { width, height, hole } = request;
  const result = new Uint8Array(request.rgba);
  const regions = clusterRegions(hole, width, height);
  const areaOf = (region: Bounds) => (region.right - region.left) * (region.bottom - region.top);
  const total = regions.reduce((sum, region) => sum + areaOf(region), 0);
  // The others' levels would show ever the same corner; what comes after the largest is still as it was.
  const largest = regions.reduce((a, b) => (areaOf(b) > areaOf(a) ? b : a), regions[0]!);
  const { signal, stage } = hooks;
  let done = 0;
  for (const region of regions) {
    const share = areaOf(region) / total;
    const progress = (part: number) => hooks.progress?.(Math.min(1, done + share * part));
    const own = { ...(signal && { signal }), progress, ...(stage && region === largest && { stage }) };
    const seed = mixSeed(request.seed, region.left, region.top);
    let filled = fillRegion(request, region, seed, own, result);
    if (!filled) {
      const everything = { left: 0, top: 0, right: width, bottom: height };
      filled = fillRegion(request, everything, seed, own, result);
    }
    if (!filled) return sketchHole(request, hooks);
    done += share;
  }
  hooks.progress?.(1);
  return result;
}

/** Nothing to take from: a procedural picture inside the hole. */
function sketchHole(request: FillRequest, hooks: FillHooks): Uint8Array<ArrayBuffer> {
  const keepKnown = (rgba: Uint8Array<ArrayBuffer>) => {
    request.hole.forEach((value, pixel) => {
      if (value === 0) rgba.set(request.rgba.subarray(pixel * 4, pixel * 4 + 4), pixel * 4);
    });
    return rgba;
  };
  const { rgba } = generatePicture({ ...request, prompt: '' }, mapStages(hooks, keepKnown));
  return keepKnown(rgba);
}

/** Fills what lies in one region of the picture; false when nothing is known there. */
function fillRegion(
  request: FillRequest,
  region: Bounds,
  seed: number,
  hooks: FillHooks,
  result: Uint8Array,
) {
  const { level, colours } = cropLevel(request, region);
  writeTexture(level);
  const solution = solve(
    level,
    seed,
    hooks.signal,
    (share) => hooks.progress?.(0.95 * share),
    (coarse, depth, coarsest) =>
      hooks.stage?.(coarsest - depth, coarsest, () => drawCoarse(request, region, coarse, depth, result)),
  );
  if (!solution) return false;
  const { open, origin } = solution;
  for (let i = 0; i < open.length; i++) {
    const from = origin[i]! * 4;
    colours.copyWithin(open[i]! * 4, from, from + 4);
  }
  const isKnown = level.state.map((state) => (state === KNOWN ? 1 : 0));
  blendCopies(colours, isKnown, { width: level.width, height: level.height, open, origin }, hooks.signal);
  for (const at of open) {
    if (level.state[at] !== HOLE) continue;
    const x = at % level.width;
    const y = (at - x) / level.width;
    const to = ((region.top + y) * request.width + region.left + x) * 4;
    for (let channel = 0; channel < 4; channel++) result[to + channel] = colours[at * 4 + channel]!;
  }
  return true;
}

/** What is done so far, with the hole of this region from a coarse level. */
function drawCoarse(
  { width, hole }: FillRequest,
  region: Bounds,
  coarse: Level,
  depth: number,
  result: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const rgba = new Uint8Array(result);
  for (let y = region.top; y < region.bottom; y++)
    for (let x = region.left; x < region.right; x++) {
      const at = y * width + x;
      if (hole[at] !== 0) enlarge(coarse, depth, x - region.left, y - region.top, rgba, at * 4);
    }
  return rgba;
}

function cropLevel(request: FillRequest, region: Bounds): { level: Level; colours: Uint8Array } {
  const width = region.right - region.left;
  const height = region.bottom - region.top;
  const colours = new Uint8Array(width * height * 4);
  const state = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    const start = (region.top + y) * request.width + region.left;
    colours.set(request.rgba.subarray(start * 4, (start + width) * 4), y * width * 4);
    for (let x = 0, at = y * width; x < width; x++, at++) {
      if (request.hole[start + x] !== 0) state[at] = HOLE;
      else if (colours[at * 4 + 3] === 0) state[at] = VOID;
    }
  }
  return { level: { width, height, pixels: new Uint8Array(colours), state }, colours };
}
