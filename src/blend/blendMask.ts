import { expand, intersect, type PixelRect } from '../geometry/rect.ts';
import { coverageOf } from '../raster/coverage.ts';
import { compactTile } from '../raster/denseTile.ts';
import { distanceTo } from '../raster/distance.ts';
import { type Mask, maskSource, tileRect, tileX, tileY } from '../raster/mask.ts';
import { TILE_AREA, TILE_SIZE, type Tile } from '../raster/tile.ts';
import { rampWidths } from './rampWidth.ts';

/**
 * Weight of a result at each pixel: min(coverage, ramp). The ramp rises from the pixels with coverage 0 inwards over
 * `ramp` px, or over the local thickness where the mask is thinner, so that the middle of a 3 px scratch still gets
 * its full coverage. The frame's edge is no border: a mask that runs out of the picture keeps its weight there.
 * Only the tiles that touch `within` are given. Yields after every tile, so that a worker can pause; cost follows
 * the length of the mask's border.
 */
export function* blendMaskSteps(
  mask: Mask,
  frame: PixelRect,
  ramp: number,
  within: PixelRect = frame,
): Generator<void, Mask> {
  const tiles = new Map<number, Tile>();
  for (const key of mask.tiles.keys()) {
    const square = tileRect(tileX(key), tileY(key));
    const block = intersect(square, frame);
    if (!block || !intersect(block, within)) continue;
    const tile = compactTile(blendTile(mask, frame, square, block, ramp));
    if (tile !== 0) tiles.set(key, tile);
    yield;
  }
  return { tiles };
}

export function blendMask(mask: Mask, frame: PixelRect, ramp: number): Mask {
  const steps = blendMaskSteps(mask, frame, ramp);
  let step = steps.next();
  while (!step.done) step = steps.next();
  return step.value;
}

/** The 65,536 weights of the tile at `square`; 0 outside `block`, its part in the frame. */
function blendTile(
  mask: Mask,
  frame: PixelRect,
  square: PixelRect,
  block: PixelRect,
  ramp: number,
): Uint8Array {
  // What a pixel's weight depends on: the ramp's width there (up to `ramp` px away), a disc that covers that place
  // (its centre `ramp` farther) and the border that the disc touches (`ramp` farther again).
  const around = expand(block, 3 * ramp + 2) ?? block;
  const work = intersect(around, frame) ?? block;
  const coverage = coverageOf(maskSource(mask), work);
  const plain = !coverage.includes(0);
  const distance = plain ? null : distanceTo((i) => coverage[i] === 0, work.width, work.height);
  const widths = distance && rampWidths(distance, work.width, work.height, ramp);
  const out = new Uint8Array(TILE_AREA);
  for (let y = block.y; y < block.y + block.height; y++) {
    let i = (y - work.y) * work.width + block.x - work.x;
    let o = (y - square.y) * TILE_SIZE + block.x - square.x;
    for (let x = 0; x < block.width; x++, i++, o++) {
      const share = distance && widths ? distance[i]! / widths[i]! : 1;
      out[o] = share < 1 ? Math.min(coverage[i]!, Math.round(share * 255)) : coverage[i]!;
    }
  }
  return out;
}
