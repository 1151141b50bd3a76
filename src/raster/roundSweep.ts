import { pixelRect } from '../geometry/rect.ts';
import { conePixelSpans, type RoundCone, roundCone } from './roundCone.ts';
import type { Disc, Ink, RowSpans, Sweep } from './sweep.ts';

/** Spans are computed this much (px) on the safe side of rounding errors; the pixels between are evaluated. */
const SPAN_MARGIN = 1 / 256;

function discsBounds(a: Disc, b: Disc) {
  const x = Math.floor(Math.min(a.x - a.radius, b.x - b.radius) - 0.5);
  const y = Math.floor(Math.min(a.y - a.radius, b.y - b.radius) - 0.5);
  const endX = Math.ceil(Math.max(a.x + a.radius, b.x + b.radius) + 0.5);
  const endY = Math.ceil(Math.max(a.y + a.radius, b.y + b.radius) + 0.5);
  return pixelRect(x, y, endX - x, endY - y);
}

/**
 * What a round tip covers on its way from one disc to the other. `skipBehind`: what lies behind the first disc's
 * centre is painted already, and its rim is left out.
 */
export function roundSweep(from: Disc, to: Disc, hardness: number, skipBehind: boolean): Sweep {
  const cone = roundCone(from.x, from.y, from.radius, to.x, to.y, to.radius);
  const softness = 1 - hardness;
  const solidDepth = Math.max(0.5, softness * Math.max(from.radius, to.radius));
  const skip = skipBehind && cone.length > 0;
  return {
    bounds: discsBounds(from, to),
    spans(firstRow: number, count: number, outer: RowSpans, solid: RowSpans) {
      conePixelSpans(cone, -0.5 - SPAN_MARGIN, firstRow, count, outer.starts, outer.ends);
      conePixelSpans(cone, solidDepth + SPAN_MARGIN, firstRow, count, solid.starts, solid.ends);
    },
    paintRim(bytes: Uint8Array, row: number, start: number, end: number, y: number, ink: Ink) {
      if (cone.slope === 0) paintEvenRim(bytes, row, start, end, y, cone, skip, softness, ink);
      else paintTaperedRim(bytes, row, start, end, y, cone, skip, softness, ink);
    },
  };
}

/** The radius stays the same, as with a mouse: depth is radius − distance to the axis. */
function paintEvenRim(
  bytes: Uint8Array,
  row: number,
  start: number,
  end: number,
  y: number,
  { x: coneX, y: coneY, alongX, alongY, length, radius }: RoundCone,
  skipBehind: boolean,
  softness: number,
  { erase, scale }: Ink,
): void {
  const dy = y + 0.5 - coneY;
  if (skipBehind && alongX > 0) start = Math.max(start, Math.floor(coneX - (dy * alongY) / alongX - 0.5));
  if (skipBehind && alongX < 0) end = Math.min(end, Math.ceil(coneX - (dy * alongY) / alongX + 0.5));
  const rim = softness * radius;
  const smooth = rim > 1;
  const perPixel = smooth ? 1 / rim : 1;
  const offset = smooth ? 0 : 1 - Math.max(rim, 0.5);
  for (let x = start; x < end; x++) {
    const dx = x + 0.5 - coneX;
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
  { x: coneX, y: coneY, alongX, alongY, length, radius, slope, lean }: RoundCone,
  skipBehind: boolean,
  softness: number,
  { erase, scale, strength }: Ink,
): void {
  const full = erase ? strength : 255 - strength;
  const dy = y + 0.5 - coneY;
  for (let x = start; x < end; x++) {
    const old = bytes[row + x]!;
    if (erase ? old >= full : old <= full) continue;
    const dx = x + 0.5 - coneX;
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
