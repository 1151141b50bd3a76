import { gapBetween, intersect, type PixelRect, rectBetween, union } from '../geometry/rect.ts';
import { type Mask, tileRect, tileX, tileY } from '../raster/mask.ts';
import { maskBounds } from '../raster/measure.ts';
import { TILE_SIZE, tileWords } from '../raster/tile.ts';
import { type CropPlan, type CropRequest, planCrop, sharpness } from './cropPlan.ts';
import { CONTEXT } from './cropRect.ts';

/** One request of those that a mask becomes. */
export interface PartPlan {
  /** Tight bounds of the coverage > 0 that this request is for; parts do not overlap. */
  readonly part: PixelRect;
  readonly plan: CropPlan;
}

export interface PartsRequest extends Omit<CropRequest, 'maskBounds'> {
  readonly mask: Mask;
  /** False: everything in one request. */
  readonly split: boolean;
}

/** Edge of the blocks of a tile whose coverage is taken together. */
const BLOCK = 32;
/** Parts nearer than this share of the larger one's longer edge would show each other's surroundings anyway. */
const NEAR_SHARE = 0.5;
const MOST_PARTS = 8;
/** Splitting has to give every part so many times the sharpness. */
const WORTH = 1.3;

/** Bounds of the parts of a mask that lie far apart, within the frame; from the top, then from the left. */
export function maskParts(mask: Mask, frame: PixelRect): PixelRect[] {
  const parts: PixelRect[] = [];
  for (const block of blocksOf(mask)) {
    let grown = intersect(block, frame);
    if (!grown) continue;
    for (let i = nearest(parts, grown); i >= 0; i = nearest(parts, grown)) {
      // A part that has grown may have come near to others: it is looked at again.
      grown = union(grown, parts[i]!)!;
      parts[i] = parts.at(-1)!;
      parts.pop();
    }
    parts.push(grown);
  }
  return parts.sort((a, b) => a.y - b.y || a.x - b.x);
}

const nearest = (parts: readonly PixelRect[], rect: PixelRect) =>
  parts.findLastIndex((part) => gapBetween(part, rect) < reachOf(part, rect));

const reachOf = (a: PixelRect, b: PixelRect) =>
  Math.max(CONTEXT, NEAR_SHARE * Math.max(a.width, a.height, b.width, b.height));

/** Tight bounds of the coverage of whole uniform tiles and of the blocks of dense ones, row by row. */
function* blocksOf(mask: Mask): Generator<PixelRect> {
  for (const key of [...mask.tiles.keys()].sort((a, b) => a - b)) {
    const tile = mask.tiles.get(key)!;
    const place = tileRect(tileX(key), tileY(key));
    if (typeof tile === 'number') {
      yield place;
      continue;
    }
    const words = tileWords(tile.bytes());
    for (let y = 0; y < TILE_SIZE; y += BLOCK) {
      for (let x = 0; x < TILE_SIZE; x += BLOCK) {
        const bounds = blockBounds(words, x, y);
        if (bounds) yield { ...bounds, x: bounds.x + place.x, y: bounds.y + place.y };
      }
    }
  }
}

const WORDS_PER_ROW = TILE_SIZE / 4;
const BLOCK_WORDS = BLOCK / 4;

const overlaid = new Uint32Array(BLOCK_WORDS);
const columns = new Uint8Array(overlaid.buffer);

/** Four bytes at a time. Rows are laid over each other only until they reach from edge to edge. */
function blockBounds(words: Uint32Array, x: number, y: number): PixelRect | null {
  let top = y;
  let end = y + BLOCK;
  while (top < end && isEmptyRow(words, x, top)) top++;
  if (top === end) return null;
  while (isEmptyRow(words, x, end - 1)) end--;
  overlaid.fill(0);
  for (let row = top; row < end && !(columns[0]! > 0 && columns[BLOCK - 1]! > 0); row++) {
    const start = row * WORDS_PER_ROW + x / 4;
    for (let i = 0; i < BLOCK_WORDS; i++) overlaid[i]! |= words[start + i]!;
  }
  let left = 0;
  let last = BLOCK - 1;
  while (columns[left] === 0) left++;
  while (columns[last] === 0) last--;
  return rectBetween(x + left, top, x + last + 1, end);
}

function isEmptyRow(words: Uint32Array, x: number, row: number): boolean {
  const start = row * WORDS_PER_ROW + x / 4;
  for (let i = start; i < start + BLOCK_WORDS; i++) if (words[i] !== 0) return false;
  return true;
}

/** One request for all, or one per part; a rectangle drawn by hand is for all. An empty mask is the whole frame. */
export function planRequests({ mask, split, ...request }: PartsRequest): readonly PartPlan[] {
  const parts = split ? maskParts(mask, request.frame) : [];
  if (parts.length > 1) {
    const { rect: _, ...bare } = request;
    return parts.map((part) => ({ part, plan: planCrop({ ...bare, maskBounds: part }) }));
  }
  const painted = maskBounds(mask);
  const bounds = painted && intersect(painted, request.frame);
  return [{ part: bounds ?? request.frame, plan: planCrop({ ...request, maskBounds: bounds }) }];
}

/** True when a mask has few parts and each of them comes out clearly sharper in a request of its own. */
export function worthSplitting(request: Omit<PartsRequest, 'split' | 'rect'>): boolean {
  const parts = planRequests({ ...request, split: true });
  const [one] = planRequests({ ...request, split: false });
  if (!one || parts.length < 2 || parts.length > MOST_PARTS) return false;
  return parts.every(({ plan }) => sharpness(plan, one.plan) >= WORTH);
}
