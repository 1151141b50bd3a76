import { type Bounds, clusterRegions } from './clusters.ts';
import { enlarge } from './enlarge.ts';
import { generatePicture } from './generatePicture.ts';
import { type FillHooks, mapStages } from './hooks.ts';
import { HOLE, type Level } from './level.ts';
import type { FillRequest } from './picture.ts';
import { mixSeed } from './random.ts';
import { blendCopies, bytesFor, solve } from './solve.ts';
import { type Crew, soloCrew } from './team.ts';
import { cropLevel, transferFill } from './transfer.ts';

/**
 * Fills the hole with texture taken from the rest of the picture and returns the whole picture, straight RGBA.
 * Pixels outside the hole are returned byte for byte. Transparent pixels (alpha 0) are never read; a filled pixel
 * takes the alpha of the pixel it was copied from. The same seed gives the same bytes, another seed another fill.
 * A picture that shows nothing outside the hole is replaced by a procedural one. Throws what `hooks.signal`
 * throws, and a `RangeError` where the memory can't be had.
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
  const createCrew = hooks.createCrew ?? soloCrew;
  const crew = createCrew(Math.max(0, ...regions.map(bytesOf)), signal);
  let done = 0;
  for (const region of regions) {
    const share = areaOf(region) / total;
    const progress = (part: number) => hooks.progress?.(Math.min(1, done + share * part));
    const own = { ...(signal && { signal }), progress, ...(stage && region === largest && { stage }) };
    const seed = mixSeed(request.seed, region.left, region.top);
    if (!fillRegion(request, region, seed, own, result, crew)) {
      // Nothing known near by: all holes at once, from wherever something is.
      const everything = { left: 0, top: 0, right: width, bottom: height };
      const wide = createCrew(bytesOf(everything), signal);
      if (!fillRegion(request, everything, seed, own, result, wide)) return sketchHole(request, hooks);
      break;
    }
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

/** Regions are solved at half their size, or less, until they have no more pixels than this. */
const MOST_SOLVED = 12_000_000;

/** How many times a region is halved before it is solved. */
function depthOf({ left, top, right, bottom }: Bounds): number {
  const pixels = (right - left) * (bottom - top);
  return Math.max(0, Math.ceil(Math.log2(pixels / MOST_SOLVED) / 2));
}

const sizeAt = (length: number, depth: number) => Math.ceil(length / 2 ** depth);

/** Bytes that filling a region takes at most. */
function bytesOf(region: Bounds): number {
  const depth = depthOf(region);
  return bytesFor(sizeAt(region.right - region.left, depth), sizeAt(region.bottom - region.top, depth));
}

/** Fills what lies in one region of the picture; false when nothing is known there. */
function fillRegion(
  request: FillRequest,
  region: Bounds,
  seed: number,
  hooks: FillHooks,
  result: Uint8Array,
  crew: Crew,
) {
  const arena = crew.arena();
  const halvings = depthOf(region);
  const level = cropLevel(request, region, halvings, arena, hooks.signal);
  const solved = solve(crew.team, arena, level, seed, hooks.signal, {
    progress: (share) => hooks.progress?.(0.9 * share),
    stage: (index, count, depth, draw) =>
      hooks.stage?.(index, count, () => drawCoarse(request, region, draw(), depth + halvings, result)),
  });
  if (!solved) return false;
  const blended = blendCopies(crew.team, arena, solved);
  if (halvings > 0) transferFill(request, region, halvings, blended, result, hooks.signal);
  else writeFill(request, region, blended, result);
  return true;
}

/** Writes the solved hole of a region into the picture, with the alpha of what was copied. */
function writeFill(request: FillRequest, region: Bounds, solved: Level, result: Uint8Array): void {
  const { width, open, origin, pixels, state } = solved;
  const start = region.top * request.width + region.left;
  const inPicture = (at: number) => start + ((at / width) | 0) * request.width + (at % width);
  for (let i = 0; i < open.length; i++) {
    const at = open[i]!;
    if (state[at] !== HOLE) continue;
    const to = inPicture(at) * 4;
    result[to] = pixels[at * 4]!;
    result[to + 1] = pixels[at * 4 + 1]!;
    result[to + 2] = pixels[at * 4 + 2]!;
    result[to + 3] = request.rgba[inPicture(origin[i]!) * 4 + 3]!;
  }
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
