/** Half-open pixel bounds. */
export interface Bounds {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

const BLOCK = 16;
const LEAST_MARGIN = 128;

const touch = (a: Bounds, b: Bounds) =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

const join = (a: Bounds, b: Bounds): Bounds => ({
  left: Math.min(a.left, b.left),
  top: Math.min(a.top, b.top),
  right: Math.max(a.right, b.right),
  bottom: Math.max(a.bottom, b.bottom),
});

/** The surroundings that a hole is filled from: as much again on every side, and at least 128 px. */
function surroundings(hole: Bounds, width: number, height: number): Bounds {
  const margin = Math.max(LEAST_MARGIN, hole.right - hole.left, hole.bottom - hole.top);
  return {
    left: Math.max(0, hole.left - margin),
    top: Math.max(0, hole.top - margin),
    right: Math.min(width, hole.right + margin),
    bottom: Math.min(height, hole.bottom + margin),
  };
}

/** Tight bounds of the hole pixels in each 16 × 16 block that has any. */
function blockBounds(hole: Uint8Array, width: number, height: number): Bounds[] {
  const found: Bounds[] = [];
  for (let top = 0; top < height; top += BLOCK)
    for (let left = 0; left < width; left += BLOCK) {
      const bounds = boundsWithin(hole, width, {
        left,
        top,
        right: Math.min(width, left + BLOCK),
        bottom: Math.min(height, top + BLOCK),
      });
      if (bounds) found.push(bounds);
    }
  return found;
}

/** Tight bounds of the hole pixels in a block; null when there are none. */
function boundsWithin(hole: Uint8Array, width: number, block: Bounds): Bounds | null {
  let [left, top, right, bottom] = [block.right, block.bottom, block.left, block.top];
  for (let y = block.top; y < block.bottom; y++)
    for (let x = block.left; x < block.right; x++) {
      if (hole[y * width + x] === 0) continue;
      if (x < left) left = x;
      if (x >= right) right = x + 1;
      if (y < top) top = y;
      bottom = y + 1;
    }
  return bottom > top ? { left, top, right, bottom } : null;
}

/**
 * Cuts a picture into regions that can be filled one by one: each holds some of the hole (nonzero) and its
 * surroundings, all holes lie in exactly one region's centre, and no region shows a hole of another. A scribble
 * then costs what the scribble is worth, not the whole picture.
 */
export function clusterRegions(hole: Uint8Array, width: number, height: number): Bounds[] {
  let clusters: Bounds[] = [];
  for (const block of blockBounds(hole, width, height)) {
    let merged = block;
    clusters = clusters.filter((other) => {
      if (!touch(surroundings(merged, width, height), other)) return true;
      merged = join(merged, other);
      return false;
    });
    clusters.push(merged);
  }
  for (let before = 0; before !== clusters.length; ) {
    before = clusters.length;
    const settled: Bounds[] = [];
    for (const cluster of clusters) {
      const near = settled.findIndex(
        (other) =>
          touch(surroundings(cluster, width, height), other) ||
          touch(surroundings(other, width, height), cluster),
      );
      if (near < 0) settled.push(cluster);
      else settled[near] = join(settled[near]!, cluster);
    }
    clusters = settled;
  }
  return clusters.map((cluster) => surroundings(cluster, width, height));
}
