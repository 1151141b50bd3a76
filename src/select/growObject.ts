import { contains, type PixelRect, pixelRect } from '../geometry/rect.ts';
import { eraseFrom, joinMasks } from '../raster/combine.ts';
import { maskFromCoverage } from '../raster/coverage.ts';
import type { Mask } from '../raster/mask.ts';
import { maskBounds } from '../raster/measure.ts';
import { fitColours, preferenceFor } from './colourModel.ts';
import type { ReadPixels } from './distanceField.ts';
import { leastCutSteps } from './leastCut.ts';
import type { ToOklab } from './oklab.ts';
import { coveredPixels, type Grid, gridOf, meanColours } from './reduced.ts';
import { type Cut, refineSteps, smoothedCoverage } from './refine.ts';
import { type RegionGraph, regionGraph } from './regionGraph.ts';
import { regionSteps } from './regions.ts';

/** What a quick-select was told of an object. */
export interface ObjectHints {
  /** Document px that are searched: what the user sees. */
  readonly region: PixelRect;
  /** Scribbled so far: this is the object; this is not. */
  readonly inside: Mask;
  readonly outside: Mask;
  /** The object as it was found before; null at its first scribble. */
  readonly former: Mask | null;
  /** What the last scribble does to it: true, and nothing of it is lost; false, and nothing is added. */
  readonly grows: boolean;
}

/** Pixels of the first, coarse cut: enough for a finger of an object that fills the view. */
const COARSE_PIXELS = 280_000;
/** A finer grid has so many times the resolution of the one before, at most. */
const FINER = 4;
/** Colours are fitted to so many samples of each kind at most. */
const SAMPLES = 1500;
/** Cuts of the coarse grid; after each, the colours are fitted anew to what it found. */
const ROUNDS = 4;

/** What is known of a region beforehand. */
const FREE = 0;
const INSIDE = 1;
const OUTSIDE = 2;

/**
 * Grows scribbles to the edges of the object that they lie on. The region is cut coarsely, in pieces of one colour (Y.
 * Li and others, "Lazy snapping", 2004), by models of both sides' colours that are fitted to the cut again and again (C.
 * Rother and others, "GrabCut", 2004); then a band along the border is cut on finer and finer grids (H. Lombaert and
 * others, "A multilevel banded graph cuts method", 2005), down to the document's own pixels. Gives the object: what
 * lay outside the region stays in it.
 */
export function* objectSteps(hints: ObjectHints, read: ReadPixels, lab: ToOklab): Generator<void, Mask> {
  const { region, former } = hints;
  const area = region.width * region.height;
  let factor = Math.max(1, Math.ceil(Math.sqrt(area / COARSE_PIXELS)));
  const { cut: coarse, prefer } = yield* coarseSteps(hints, gridOf(region, factor), read, lab);
  let cut: Cut = coarse;
  do {
    factor = Math.ceil(factor / FINER);
    cut = yield* refineSteps(cut, gridOf(region, factor), hints, prefer, read, lab);
  } while (factor > 1);
  const found = maskFromCoverage(smoothedCoverage(cut), region);
  yield;
  const bounds = former && maskBounds(former);
  if (!former || !bounds || contains(region, bounds)) return found;
  const searched = maskFromCoverage(new Uint8Array(area).fill(255), region);
  return joinMasks(eraseFrom(former, searched), found);
}

/** What a colour tells: how much more it costs to leave a pixel out than to take it in. */
type Preference = (lab: Float32Array, pixel: number) => number;

function* coarseSteps(
  hints: ObjectHints,
  grid: Grid,
  read: ReadPixels,
  lab: ToOklab,
): Generator<void, { readonly cut: Cut; readonly prefer: Preference }> {
  const colours = yield* gridColoursSteps(grid, read, lab);
  const graph = regionGraph(yield* regionSteps(colours, grid.width, grid.height), colours, grid.width);
  yield;
  const scribbled = {
    inside: coveredPixels(grid, hints.inside),
    outside: coveredPixels(grid, hints.outside),
  };
  const before = hints.former && coveredPixels(grid, hints.former);
  const known = knownRegions(graph, scribbled, before, hints.grows);
  yield;
  const samplesOf = (scribble: Uint8Array, labels: Uint8Array, value: number) =>
    fitColours(
      Float32Array.of(...sampled(colours, scribble, 1, SAMPLES), ...sampled(colours, labels, value, SAMPLES)),
    );
  let labels = before ?? scribbled.inside;
  let prefer: Preference = () => 0;
  for (let round = 0; round < ROUNDS; round++) {
    const inside = samplesOf(scribbled.inside, labels, 1);
    yield;
    const outside = samplesOf(scribbled.outside, labels, 0);
    yield;
    prefer = preferenceFor(inside, outside);
    const cut = yield* leastCutSteps(preferences(graph, prefer, known), graph);
    const taken = reachable(graph, cut, known);
    labels = new Uint8Array(graph.of.length);
    for (let i = 0; i < labels.length; i++) labels[i] = taken[graph.of[i]!]!;
  }
  return { cut: { grid, labels, band: null }, prefer };
}

/** A region counts as scribbled when any of its pixels is, and as part of the former object when most of it is. */
function knownRegions(
  { of, sizes, count }: RegionGraph,
  scribbled: { readonly inside: Uint8Array; readonly outside: Uint8Array },
  before: Uint8Array | null,
  grows: boolean,
): Uint8Array {
  const known = new Uint8Array(count);
  if (before) {
    const covered = new Int32Array(count);
    for (let i = 0; i < of.length; i++) covered[of[i]!]! += before[i]!;
    for (let region = 0; region < count; region++) {
      const most = covered[region]! * 2 >= sizes[region]!;
      known[region] = grows ? (most ? INSIDE : FREE) : most ? FREE : OUTSIDE;
    }
  }
  for (let i = 0; i < of.length; i++) {
    if (scribbled.inside[i]) known[of[i]!] = INSIDE;
  }
  for (let i = 0; i < of.length; i++) {
    if (scribbled.outside[i] && !scribbled.inside[i]) known[of[i]!] = OUTSIDE;
  }
  return known;
}

function preferences({ means, sizes }: RegionGraph, prefer: Preference, known: Uint8Array): Float32Array {
  const out = new Float32Array(known.length);
  for (let region = 0; region < known.length; region++) {
    const state = known[region];
    if (state === FREE) out[region] = prefer(means, region) * sizes[region]!;
    else out[region] = state === INSIDE ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  }
  return out;
}

/** 1 for regions that were taken and hang together with what is known: the same colour elsewhere is another object. */
function reachable({ count, pairs }: RegionGraph, cut: Uint8Array, known: Uint8Array): Uint8Array {
  const root = new Int32Array(count);
  for (let region = 0; region < count; region++) root[region] = region;
  const find = (region: number): number => {
    let top = region;
    while (root[top] !== top) top = root[top] = root[root[top]!]!;
    return top;
  };
  for (let k = 0; k < pairs.length; k += 2) {
    if (cut[pairs[k]!] && cut[pairs[k + 1]!]) root[find(pairs[k]!)] = find(pairs[k + 1]!);
  }
  const meant = new Uint8Array(count);
  for (let region = 0; region < count; region++) if (known[region] === INSIDE) meant[find(region)] = 1;
  const out = new Uint8Array(count);
  for (let region = 0; region < count; region++) out[region] = cut[region]! & meant[find(region)]!;
  return out;
}

function* gridColoursSteps(grid: Grid, read: ReadPixels, lab: ToOklab): Generator<void, Float32Array> {
  const { width, height, factor } = grid;
  const colours = new Float32Array(width * height * 3);
  const rows = Math.max(1, Math.floor((1 << 18) / (width * factor * factor)));
  for (let y = 0; y < height; y += rows) {
    const part = pixelRect(0, y, width, Math.min(rows, height - y));
    colours.set(meanColours(grid, part, read, lab), y * width * 3);
    yield;
  }
  return colours;
}

/** Colours of the pixels whose label is `value`, at most `most` of them, evenly picked. */
function sampled(lab: Float32Array, labels: Uint8Array, value: number, most: number): Float32Array {
  let count = 0;
  for (let i = 0; i < labels.length; i++) if (labels[i] === value) count++;
  const step = Math.max(1, count / most);
  const out = new Float32Array(Math.ceil(count / step) * 3);
  let seen = 0;
  let taken = 0;
  for (let i = 0; i < labels.length; i++) {
    if (labels[i] !== value || seen++ < taken * step) continue;
    out.set(lab.subarray(i * 3, i * 3 + 3), taken++ * 3);
  }
  return out.subarray(0, taken * 3);
}
