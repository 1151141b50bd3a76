import { eraseFrom, joinMasks, meetMasks } from './combine.ts';
import { type Mask, tileY } from './mask.ts';
import type { Tile } from './tile.ts';

/** What becomes of a mask when another one comes to it. */
export type MaskWay = 'replace' | 'add' | 'subtract' | 'intersect';

const ways: Readonly<Record<MaskWay, (base: Mask, given: Mask) => Mask>> = {
  replace: (_, given) => given,
  add: joinMasks,
  subtract: eraseFrom,
  intersect: meetMasks,
};

const rowOf = ({ tiles }: Mask, ty: number): Mask => ({
  tiles: new Map([...tiles].filter(([key]) => tileY(key) === ty)),
});

/** The masks combined, a row of tiles at a time. */
export function combineSteps(base: Mask, given: Mask, way: MaskWay): Generator<void, Mask> {
  return rowByRow(base, given, ways[way]);
}

/** What `combine` makes of two masks, a row of tiles at a time. */
export function* rowByRow(a: Mask, b: Mask, combine: (a: Mask, b: Mask) => Mask): Generator<void, Mask> {
  const rows = new Set([...a.tiles.keys(), ...b.tiles.keys()].map(tileY));
  const tiles = new Map<number, Tile>();
  for (const ty of rows) {
    for (const [key, tile] of combine(rowOf(a, ty), rowOf(b, ty)).tiles) tiles.set(key, tile);
    yield;
  }
  return { tiles };
}
