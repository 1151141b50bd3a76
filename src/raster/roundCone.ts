/**
 * What a round brush sweeps between two samples: the union of all discs on the way from one centre to the other,
 * the radius changing evenly. In 2D: two discs and the area between their common outer tangents.
 *
 * A point's `depth` is the largest (radius − distance to the centre) of these discs, so that depth ≥ 0 means
 * inside; the signed distance is −depth. The deepest disc has a closed form (the "uneven capsule" of
 * Quilez, "2D distance functions", https://iquilezles.org/articles/distfunctions2d/): with u along the axis and
 * v beside it, its centre lies at u + v · slope / √(1 − slope²), clamped to the axis.
 */
export interface RoundCone {
  /** First centre, and unit direction to the second. */
  readonly x: number;
  readonly y: number;
  readonly alongX: number;
  readonly alongY: number;
  /** Distance of the centres; 0 when one disc contains the other (then only the larger is kept). */
  readonly length: number;
  /** Radius at the first centre, and its change per px of the axis: always between −1 and 1. */
  readonly radius: number;
  readonly slope: number;
  /** slope / √(1 − slope²): how far ahead of a point, per px beside the axis, its deepest disc lies. */
  readonly lean: number;
}

const NEARLY_ONE = 1 - 1e-9;

export function roundCone(x0: number, y0: number, r0: number, x1: number, y1: number, r1: number): RoundCone {
  const length = Math.hypot(x1 - x0, y1 - y0);
  // A hair beyond containment the tangents are degenerate, and the difference is no part of a pixel.
  if (length * NEARLY_ONE <= Math.abs(r1 - r0)) {
    const [x, y, radius] = r1 > r0 ? [x1, y1, r1] : [x0, y0, r0];
    return { x, y, alongX: 1, alongY: 0, length: 0, radius, slope: 0, lean: 0 };
  }
  const slope = (r1 - r0) / length;
  return {
    x: x0,
    y: y0,
    alongX: (x1 - x0) / length,
    alongY: (y1 - y0) / length,
    length,
    radius: r0,
    slope,
    lean: slope / Math.sqrt(1 - slope * slope),
  };
}

/**
 * Pixels of the rows `firstRow` … `firstRow + count − 1` whose centre has at least the given depth (negative:
 * beyond the outline): columns starts[i] … ends[i] − 1 of row i, or an empty span. Depth ≥ d is again a round
 * cone, of radii smaller by d, and convex: its widest points in a row lie on one of the discs or tangents.
 */
export function conePixelSpans(
  cone: RoundCone,
  depth: number,
  firstRow: number,
  count: number,
  starts: Int32Array,
  ends: Int32Array,
): void {
  // The part of the axis on which a disc of that depth has a radius left.
  let from = 0;
  let to = cone.length;
  if (cone.radius - depth < 0) from = cone.slope > 0 ? (depth - cone.radius) / cone.slope : Infinity;
  if (cone.radius + cone.slope * to - depth < 0)
    to = cone.slope < 0 ? (depth - cone.radius) / cone.slope : -1;
  if (from > to) {
    starts.fill(0, 0, count);
    ends.fill(0, 0, count);
    return;
  }
  const ax = cone.x + cone.alongX * from;
  const ay = cone.y + cone.alongY * from;
  const ar = Math.max(0, cone.radius + cone.slope * from - depth);
  const bx = cone.x + cone.alongX * to;
  const by = cone.y + cone.alongY * to;
  const br = Math.max(0, cone.radius + cone.slope * to - depth);
  // Normals of the two tangents: against the axis by −slope, beside it by ± √(1 − slope²).
  const back = -cone.slope;
  const beside = Math.sqrt(1 - cone.slope * cone.slope);
  const n1x = back * cone.alongX - beside * cone.alongY;
  const n1y = back * cone.alongY + beside * cone.alongX;
  const n2x = back * cone.alongX + beside * cone.alongY;
  const n2y = back * cone.alongY - beside * cone.alongX;
  const top1 = ay + ar * n1y;
  const end1 = by + br * n1y;
  const top2 = ay + ar * n2y;
  const end2 = by + br * n2y;
  for (let i = 0; i < count; i++) {
    const y = firstRow + i + 0.5;
    let left = Infinity;
    let right = -Infinity;
    const aHalf = ar * ar - (y - ay) * (y - ay);
    if (aHalf >= 0) {
      const half = Math.sqrt(aHalf);
      left = ax - half;
      right = ax + half;
    }
    const bHalf = br * br - (y - by) * (y - by);
    if (bHalf >= 0) {
      const half = Math.sqrt(bHalf);
      if (bx - half < left) left = bx - half;
      if (bx + half > right) right = bx + half;
    }
    if (top1 !== end1 && (y - top1) * (y - end1) <= 0) {
      const x = ax + ar * n1x + ((y - top1) / (end1 - top1)) * (bx + br * n1x - ax - ar * n1x);
      if (x < left) left = x;
      if (x > right) right = x;
    }
    if (top2 !== end2 && (y - top2) * (y - end2) <= 0) {
      const x = ax + ar * n2x + ((y - top2) / (end2 - top2)) * (bx + br * n2x - ax - ar * n2x);
      if (x < left) left = x;
      if (x > right) right = x;
    }
    starts[i] = left <= right ? Math.ceil(left - 0.5) : 0;
    ends[i] = left <= right ? Math.floor(right - 0.5) + 1 : 0;
  }
}
