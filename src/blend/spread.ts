/** Tiles per axis that pixels are chosen from: repainting one part must not take all that a fit rests on. */
const TILES = 8;
const BINS = 64;

/**
 * Indices of at most about `count` pixels with the greatest weights, spread over 8 × 8 tiles: no tile gives more than
 * its share while others have pixels left. Sorted.
 * @param weight per px, ≥ 0; pixels of weight 0 are not chosen
 * @param full weights from here on count as equal
 */
export function spread(weight: Float32Array, width: number, height: number, count: number, full: number): Int32Array {
  const tile = (x: number, y: number) =>
    Math.floor((y * TILES) / height) * TILES + Math.floor((x * TILES) / width);
  const bin = (value: number) => Math.min(BINS - 1, Math.floor((value / full) * BINS));
  const histogram = new Int32Array(TILES * TILES * BINS);
  const held = new Int32Array(TILES * TILES);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      if (weight[i] === 0) continue;
      const at = tile(x, y);
      histogram[at * BINS + bin(weight[i]!)]!++;
      held[at]!++;
    }
  }
  const quota = fairShare(held, count);
  // Per tile: from which bin on all are chosen, and what share of the bin below it.
  const lowest = new Int32Array(held.length);
  const share = new Float32Array(held.length);
  for (let at = 0; at < held.length; at++) {
    let open = Math.min(quota, held[at]!);
    let from = BINS;
    while (from > 0 && histogram[at * BINS + from - 1]! <= open) open -= histogram[at * BINS + --from]!;
    lowest[at] = from;
    share[at] = from > 0 ? open / histogram[at * BINS + from - 1]! : 0;
  }
  const chosen: number[] = [];
  const due = new Float32Array(held.length);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      if (weight[i] === 0) continue;
      const at = tile(x, y);
      const own = bin(weight[i]!);
      if (own >= lowest[at]!) chosen.push(i);
      else if (own === lowest[at]! - 1) {
        due[at]! += share[at]!;
        if (due[at]! >= 1) {
          due[at]!--;
          chosen.push(i);
        }
      }
    }
  }
  return Int32Array.from(chosen);
}

/** The greatest quota with the sum over tiles of min(quota, held) ≤ count. */
function fairShare(held: Int32Array, count: number): number {
  const rising = held.toSorted();
  let left = count;
  for (let i = 0; i < rising.length; i++) {
    const quota = Math.floor(left / (rising.length - i));
    if (rising[i]! > quota) return quota;
    left -= rising[i]!;
  }
  return rising.at(-1) ?? 0;
}
