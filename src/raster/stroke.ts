import { bottom, intersect, type PixelRect, pixelRect, rectBetween, right } from '../geometry/rect.ts';
import type { Draft } from './draft.ts';
import { tileIndex } from './mask.ts';
import { conePixelSpans, type RoundCone, roundCone } from './roundCone.ts';
import { TILE_SIZE } from './tile.ts';

export interface BrushTip {
  /** Document px, 1–1000, fractional. */
  readonly diameter: number;
  /** Solid share of the radius, 0–1. */
  readonly hardness: number;
  /** 0–1, of the whole stroke: overlapping parts do not add up. */
  readonly opacity: number;
}

export type StrokeMode = 'erase' | 'restore';

export interface StrokeSample {
  /** Image space, fractional: the centre of pixel i is i + 0.5. */
  readonly x: number;
  readonly y: number;
  /** 0–1, scales the diameter; 1 for a mouse. */
  readonly pressure: number;
}

/** The lightest touch of a pen still draws a line one pixel wide. */
const SMALLEST_RADIUS = 0.5;
/** Spans are computed this much (px) on the safe side of rounding errors; the pixels between are evaluated. */
const SPAN_MARGIN = 1 / 256;

const radiusOf = (tip: BrushTip, sample: StrokeSample) =>
  Math.max(SMALLEST_RADIUS, (tip.diameter / 2) * sample.pressure);

const outerStarts = new Int32Array(TILE_SIZE);
const outerEnds = new Int32Array(TILE_SIZE);
const solidStarts = new Int32Array(TILE_SIZE);
const solidEnds = new Int32Array(TILE_SIZE);

/**
 * Paints what the brush sweeps between two samples (the same sample twice: a dab) into the draft. Coverage s is 1
 * in the solid core and falls to 0 over the rim: linearly over one pixel across the radius when the rim is no
 * wider (antialiasing), as a smoothstep from hardness · radius to radius otherwise; where the radius varies, each
 * pixel takes the disc of the sweep that it lies deepest in.
 *
 * erase: max(old, round(255 · opacity · s)); restore: min(old, 255 − round(255 · opacity · s)). Maximum and minimum
 * do not depend on order or repetition, so writing each part straight into the draft gives the same mask as
 * collecting the whole stroke first: a stroke that crosses itself does not build up.
 *
 * `continues` says that the part painted before this one ended at `from`: what lies behind that sample is painted
 * already and its soft rim need not be evaluated again, which is half of the work of a large soft brush.
 */
export function strokeCapsule(
  draft: Draft,
  mode: StrokeMode,
  tip: BrushTip,
  from: StrokeSample,
  to: StrokeSample,
  continues = false,
): void {
  const strength = Math.round(255 * tip.opacity);
  const fromRadius = radiusOf(tip, from);
  const toRadius = radiusOf(tip, to);
  const reach = intersect(draft.bounds, discsBounds(from, fromRadius, to, toRadius));
  if (strength === 0 || !reach) return;
  const cone = roundCone(from.x, from.y, fromRadius, to.x, to.y, toRadius);
  const sweep: Sweep = {
    cone,
    skipBehind: continues && cone.length > 0,
    softness: 1 - tip.hardness,
    scale: 255 * tip.opacity,
    strength,
    erase: mode === 'erase',
  };
  const solidDepth = Math.max(0.5, sweep.softness * Math.max(fromRadius, toRadius));
  const endTileX = tileIndex(right(reach) - 1);
  const endTileY = tileIndex(bottom(reach) - 1);

  for (let ty = tileIndex(reach.y); ty <= endTileY; ty++) {
    const y = Math.max(reach.y, ty * TILE_SIZE);
    const height = Math.min(bottom(reach), (ty + 1) * TILE_SIZE) - y;
    conePixelSpans(cone, -0.5 - SPAN_MARGIN, y, height, outerStarts, outerEnds);
    conePixelSpans(cone, solidDepth + SPAN_MARGIN, y, height, solidStarts, solidEnds);
    for (let tx = tileIndex(reach.x); tx <= endTileX; tx++) {
      const tile = draft.tile(tx, ty);
      if (typeof tile === 'number' && (sweep.erase ? tile >= strength : tile <= 255 - strength)) continue;
      const x = Math.max(reach.x, tx * TILE_SIZE);
      const width = Math.min(right(reach), (tx + 1) * TILE_SIZE) - x;
      const painted = paintTile(draft, tx, ty, pixelRect(x, y, width, height), sweep);
      if (painted) draft.touch(painted);
    }
  }
}

/** One capsule, in the terms of the inner loops. */
interface Sweep {
  readonly cone: RoundCone;
  readonly skipBehind: boolean;
  /** 1 − hardness. */
  readonly softness: number;
  /** 255 · opacity, unrounded, and rounded: the coverage of the solid core. */
  readonly scale: number;
  readonly strength: number;
  readonly erase: boolean;
}

function discsBounds(a: StrokeSample, ar: number, b: StrokeSample, br: number): PixelRect {
  const x = Math.floor(Math.min(a.x - ar, b.x - br) - 0.5);
  const y = Math.floor(Math.min(a.y - ar, b.y - br) - 0.5);
  const endX = Math.ceil(Math.max(a.x + ar, b.x + br) + 0.5);
  const endY = Math.ceil(Math.max(a.y + ar, b.y + br) + 0.5);
  return pixelRect(x, y, endX - x, endY - y);
}

/**
 * Paints the pixels of `part` (inside tile (tx, ty), its rows those of the span arrays); gives back the
 * rectangle that may have changed. A tile that no span reaches is not copied.
 */
function paintTile(draft: Draft, tx: number, ty: number, part: PixelRect, sweep: Sweep): PixelRect | null {
  const end = right(part);
  let bytes: Uint8Array | null = null;
  let minX = end;
  let maxX = part.x;
  let minY = 0;
  let maxY = 0;
  for (let i = 0; i < part.height; i++) {
    const outerStart = Math.max(part.x, outerStarts[i]!);
    const outerEnd = Math.min(end, outerEnds[i]!);
    if (outerStart >= outerEnd) continue;
    const y = part.y + i;
    if (!bytes) {
      bytes = draft.writable(tx, ty);
      minY = y;
    }
    maxY = y + 1;
    if (outerStart < minX) minX = outerStart;
    if (outerEnd > maxX) maxX = outerEnd;
    const row = (y - ty * TILE_SIZE) * TILE_SIZE - tx * TILE_SIZE;
    const solidStart = Math.max(outerStart, solidStarts[i]!);
    const solidEnd = Math.min(outerEnd, solidEnds[i]!);
    if (solidStart < solidEnd) {
      paintRim(bytes, row, outerStart, solidStart, y, sweep);
      paintCore(bytes, row + solidStart, row + solidEnd, sweep);
      paintRim(bytes, row, solidEnd, outerEnd, y, sweep);
    } else {
      paintRim(bytes, row, outerStart, outerEnd, y, sweep);
    }
  }
  return rectBetween(minX, minY, maxX, maxY);
}

function paintCore(bytes: Uint8Array, start: number, end: number, { erase, strength }: Sweep): void {
  if (strength === 255) {
    bytes.fill(erase ? 255 : 0, start, end);
  } else if (erase) {
    for (let at = start; at < end; at++) if (bytes[at]! < strength) bytes[at] = strength;
  } else {
    const rest = 255 - strength;
    for (let at = start; at < end; at++) if (bytes[at]! > rest) bytes[at] = rest;
  }
}

/** Evaluates the pixels start … end − 1 of row y one by one; `row` + x is a pixel's place in `bytes`. */
function paintRim(bytes: Uint8Array, row: number, start: number, end: number, y: number, sweep: Sweep): void {
  if (sweep.cone.slope === 0) paintEvenRim(bytes, row, start, end, y, sweep);
  else paintTaperedRim(bytes, row, start, end, y, sweep);
}

/** The radius stays the same, as with a mouse: depth is radius − distance to the axis. */
function paintEvenRim(
  bytes: Uint8Array,
  row: number,
  start: number,
  end: number,
  y: number,
  { cone, skipBehind, softness, scale, erase }: Sweep,
): void {
  const { alongX, alongY, length, radius } = cone;
  const dy = y + 0.5 - cone.y;
  if (skipBehind && alongX > 0) start = Math.max(start, Math.floor(cone.x - (dy * alongY) / alongX - 0.5));
  if (skipBehind && alongX < 0) end = Math.min(end, Math.ceil(cone.x - (dy * alongY) / alongX + 0.5));
  const rim = softness * radius;
  const smooth = rim > 1;
  const perPixel = smooth ? 1 / rim : 1;
  const offset = smooth ? 0 : 1 - Math.max(rim, 0.5);
  for (let x = start; x < end; x++) {
    const dx = x + 0.5 - cone.x;
    const u = dx * alongX + dy * alongY;
    const v = dx * alongY - dy * alongX;
    const beyond = u - Math.min(length, Math.max(0, u));
    const depth = radius - Math.sqrt(beyond * beyond + v * v);
    let s = Math.min(1, Math.max(0, depth * perPixel + offset));
    if (smooth) s = s * s * (3 - 2 * s);
    const amount = (scale * s + 0.5) | 0;
    const old = bytes[row + x]!;
    if (erase) {
      if (old < amount) bytes[row + x] = amount;
    } else if (old > 255 - amount) bytes[row + x] = 255 - amount;
  }
}

function paintTaperedRim(
  bytes: Uint8Array,
  row: number,
  start: number,
  end: number,
  y: number,
  { cone, skipBehind, softness, scale, strength, erase }: Sweep,
): void {
  const { alongX, alongY, length, radius, slope, lean } = cone;
  const full = erase ? strength : 255 - strength;
  const dy = y + 0.5 - cone.y;
  for (let x = start; x < end; x++) {
    const old = bytes[row + x]!;
    if (erase ? old >= full : old <= full) continue;
    const dx = x + 0.5 - cone.x;
    const u = dx * alongX + dy * alongY;
    const v = dx * alongY - dy * alongX;
    let t = u + (v < 0 ? -v : v) * lean;
    if (t <= 0) {
      if (skipBehind) continue;
      t = 0;
    } else if (t > length) {
      t = length;
    }
    const discRadius = radius + slope * t;
    const depth = discRadius - Math.sqrt((u - t) * (u - t) + v * v);
    const rim = softness * discRadius;
    let s = rim <= 1 ? depth + 1 - Math.max(rim, 0.5) : depth / rim;
    if (s <= 0) continue;
    if (s > 1) s = 1;
    else if (rim > 1) s = s * s * (3 - 2 * s);
    const amount = (scale * s + 0.5) | 0;
    if (erase) {
      if (old < amount) bytes[row + x] = amount;
    } else if (old > 255 - amount) bytes[row + x] = 255 - amount;
  }
}
