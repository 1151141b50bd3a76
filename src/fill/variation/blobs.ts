import type { FillRequest } from '../picture.ts';
import type { Random } from '../random.ts';
import { mapTexture, repeats, type TextureMap } from './texture.ts';

/** Share of the picture that a blob takes. */
const LEAST_BLOB = 0.03;
const MOST_BLOB = 0.08;
const MOST_BLOBS = 3;
/** Share of a connected area of texture that may be blobs; the rest is what they are filled from. */
const MOST_TAKEN = 0.35;
/** Places tried for each blob. */
const TRIES = 4;

/**
 * Adds blobs of 3 to 8 % of the picture each to the hole, `strength` 0..1: up to three, bigger the stronger. Only
 * where the texture is stochastic and plenty of it remains; where there is none, the hole stays as it is.
 */
export function addBlobs(picture: Omit<FillRequest, 'seed'>, strength: number, random: Random): void {
  const map = mapTexture(picture);
  const whole = (picture.width * picture.height) / map.side ** 2;
  const free = Uint8Array.from(map.stochastic);
  const taken = new Uint8Array(free.length);
  const count = Math.round(MOST_BLOBS * strength);
  for (let blobs = 0, tries = 0; blobs < count && tries < TRIES * count; tries++) {
    const share = LEAST_BLOB + (MOST_BLOB - LEAST_BLOB) * strength * random.unit();
    const places = cellsOf(free);
    if (places.length < LEAST_BLOB * whole) break;
    const centre = places[random.below(places.length)]!;
    const area = grow(map, map.stochastic, centre, Number.POSITIVE_INFINITY, random);
    const room = MOST_TAKEN * area.length - area.filter((cell) => taken[cell] === 1).length;
    const blob = grow(map, free, centre, Math.min(room, share * whole), random);
    if (blob.length < LEAST_BLOB * whole || repeats(map, blob)) {
      // Whatever is wrong here is wrong close by too.
      for (const cell of grow(map, free, centre, (LEAST_BLOB * whole) / 4, random)) free[cell] = 0;
      continue;
    }
    for (const cell of blob) taken[cell] = 1;
    for (const cell of blob) for (const near of neighbours(map, cell)) free[near] = 0;
    for (const cell of blob) free[cell] = 0;
    blobs++;
  }
  draw(picture, map, taken);
}

const cellsOf = (marks: Uint8Array) => Array.from(marks.keys()).filter((cell) => marks[cell] === 1);

/** Up to `most` marked cells connected to `centre`, the closest first, give or take a ragged edge. */
function grow(map: TextureMap, marked: Uint8Array, centre: number, most: number, random: Random): number[] {
  const { columns } = map;
  const seen = new Uint8Array(marked.length);
  const edge: { cell: number; distance: number }[] = [{ cell: centre, distance: 0 }];
  seen[centre] = 1;
  const grown: number[] = [];
  while (edge.length > 0 && grown.length < Math.floor(most)) {
    const next = edge.reduce((a, b, i) => (b.distance < edge[a]!.distance ? i : a), 0);
    const { cell } = edge.splice(next, 1)[0]!;
    grown.push(cell);
    for (const near of neighbours(map, cell)) {
      if (marked[near] === 0 || seen[near] === 1) continue;
      seen[near] = 1;
      const x = (near % columns) - (centre % columns);
      const y = ((near / columns) | 0) - ((centre / columns) | 0);
      edge.push({ cell: near, distance: Math.hypot(x, y) * random.between(1, 1.3) });
    }
  }
  return grown;
}

function neighbours({ columns, rows }: TextureMap, cell: number): number[] {
  const column = cell % columns;
  const row = (cell / columns) | 0;
  const near: number[] = [];
  if (column > 0) near.push(cell - 1);
  if (column < columns - 1) near.push(cell + 1);
  if (row > 0) near.push(cell - columns);
  if (row < rows - 1) near.push(cell + columns);
  return near;
}

/** Draws the cells into the hole, their corners rounded: where the mean of the four nearest centres is over half. */
function draw({ width, height, hole }: Omit<FillRequest, 'seed'>, map: TextureMap, cells: Uint8Array): void {
  const { side, columns, rows } = map;
  const value = (column: number, row: number) =>
    column < 0 || row < 0 || column >= columns || row >= rows ? 0 : cells[row * columns + column]!;
  for (let row = 0; row <= rows; row++)
    for (let column = 0; column <= columns; column++) {
      // The square between four centres.
      const a = value(column - 1, row - 1);
      const b = value(column, row - 1);
      const c = value(column - 1, row);
      const d = value(column, row);
      if (a + b + c + d === 0) continue;
      const left = Math.round((column - 0.5) * side);
      const top = Math.round((row - 0.5) * side);
      for (let y = Math.max(0, top); y < Math.min(height, top + side); y++) {
        const v = (y - top + 0.5) / side;
        for (let x = Math.max(0, left); x < Math.min(width, left + side); x++) {
          const u = (x - left + 0.5) / side;
          if ((a * (1 - u) + b * u) * (1 - v) + (c * (1 - u) + d * u) * v > 0.5) hole[y * width + x] = 1;
        }
      }
    }
}
