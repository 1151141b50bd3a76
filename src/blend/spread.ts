/** Tiles per axis that a picture is divided into: repainting one part must not take all that a fit rests on. */
export const TILES = 8;

const BINS = 64;

/** Which of 8 × 8 tiles, row by row, a pixel lies in: the sum of its column's and its row's entry. */
export function tileIndex(width: number, height: number): { columns: Uint8Array; rows: Uint8Array } {
  const columns = Uint8Array.from({ length: width }, (_, x) => Math.floor((x * TILES) / width));
  const rows = Uint8Array.from({ length: height }, (_, y) => Math.floor((y * TILES) / height) * TILES);
  return { columns, rows };
}

/**
 * Indices of about `count` pixels at most with the greatest weights, spread over the tiles: none gives more than its
 * share while others have pixels left. Rising.
 * @param weight per px, ≥ 0; pixels of weight 0 are not chosen
 * @param full weights from here on count as equal
 */
export function spread(
  weight: Float32Array,
  width: number,
  height: number,
  count: number,
  full: number,
): Int32Array {
  const { columns, rows } = tileIndex(width, height);
  const histogram = new Int32Array(TILES * TILES * BINS);
  const held = new Int32Array(TILES * TILES);
  const bin = (value: number) => Math.min(BINS - 1, Math.floor((value / full) * BINS));
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      if (weight[i] === 0) continue;
      const tile = rows[y]! + columns[x]!;
      histogram[tile * BINS + bin(weight[i]!)]!++;
      held[tile]!++;
    }
  }
  const quota = fairShare(held, count);
  // Per tile: from which bin on all are chosen, and what share of the bin below it.
  const lowest = new Int32Array(held.length);
  const share = new Float32Array(held.length);
  for (let tile = 0; tile < held.length; tile++) {
    let open = Math.min(quota, held[tile]!);
    let from = BINS;
    const inBelow = () => histogram[tile * BINS + from - 1]!;
    while (from > 0 && inBelow() <= open) {
      open -= inBelow();
      from--;
    }
    lowest[tile] = from;
    share[tile] = from > 0 ? open / inBelow() : 0;
  }
  const chosen: number[] = [];
  const due = new Float32Array(held.length);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      if (weight[i] === 0) continue;
      const tile = rows[y]! + columns[x]!;
      const above = bin(weight[i]!) - lowest[tile]!;
      if (above < -1) continue;
      if (above === -1) {
        due[tile]! += share[tile]!;
        if (due[tile]! < 1) continue;
        due[tile]!--;
      }
      chosen.push(i);
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
