import { partingCost, squaredDifference } from './contrast.ts';
import type { Regions } from './regions.ts';

/** Regions with what they have in common with their neighbours. */
export interface RegionGraph extends Regions {
  /** Of each region: L, a, b in hundredths of OKLab. */
  readonly means: Float32Array;
  readonly sizes: Int32Array;
  /** Pairs of neighbours, one after the other, and what it costs to part each pair: the sum over their border. */
  readonly pairs: Int32Array;
  readonly costs: Float32Array;
}

export function regionGraph(regions: Regions, lab: Float32Array, width: number): RegionGraph {
  const { of, count } = regions;
  const sizes = new Int32Array(count);
  const means = new Float32Array(count * 3);
  of.forEach((region, i) => {
    sizes[region]!++;
    for (let axis = 0; axis < 3; axis++) means[region * 3 + axis]! += lab[i * 3 + axis]!;
  });
  for (let i = 0; i < means.length; i++) means[i]! /= sizes[Math.floor(i / 3)]!;
  return { ...regions, means, sizes, ...borders(regions, lab, width) };
}

function borders({ of, count }: Regions, lab: Float32Array, width: number) {
  const right = (i: number) => i % width < width - 1;
  let sum = 0;
  for (let i = 0; i < of.length - width; i++) {
    sum += squaredDifference(lab, i, i + width);
    if (right(i)) sum += squaredDifference(lab, i, i + 1);
  }
  const cost = partingCost(sum / Math.max(1, 2 * of.length));
  const found = new Map<number, number>();
  const part = (i: number, j: number, diagonal: boolean) => {
    const [a, b] = [of[i]!, of[j]!];
    if (a === b) return;
    const key = Math.min(a, b) * count + Math.max(a, b);
    found.set(key, (found.get(key) ?? 0) + cost(squaredDifference(lab, i, j), diagonal));
  };
  for (let i = 0; i < of.length; i++) {
    const below = i < of.length - width;
    if (right(i)) part(i, i + 1, false);
    if (below) part(i, i + width, false);
    if (below && right(i)) part(i, i + width + 1, true);
    if (below && i % width > 0) part(i, i + width - 1, true);
  }
  const pairs = new Int32Array(found.size * 2);
  const costs = new Float32Array(found.size);
  let at = 0;
  for (const [key, value] of found) {
    pairs[at * 2] = Math.floor(key / count);
    pairs[at * 2 + 1] = key % count;
    costs[at++] = value;
  }
  return { pairs, costs };
}
