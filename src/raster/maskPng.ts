import { bottom, type PixelRect, right } from '../geometry/rect.ts';
import { coverageOf } from './coverage.ts';
import { crc32 } from './crc32.ts';
import { type AncillaryChunk, framePlaceChunks, type PictureSize } from './framePlace.ts';
import { type Mask, maskSource, tileIndex, tileKey } from './mask.ts';
import { MaskDeflate, type PixelBytes } from './maskDeflate.ts';
import { TILE_SIZE, tileWords } from './tile.ts';

const FILTER_SUB = 1;
const FILTER_UP = 2;

/**
 * How a PNG holds a mask. `dual`: 8-bit RGBA, straight alpha, alpha = 255 − coverage, red = green = blue = coverage
 * (white and transparent where erased: right for who reads alpha and for who reads luminance). `white-edit`: 8-bit
 * grey, white where erased.
 */
export type MaskEncoding = 'dual' | 'white-edit';

/** Of a PNG's header, and what goes with it. */
const formats: Readonly<Record<MaskEncoding, { readonly colourType: number; readonly bytes: PixelBytes }>> = {
  dual: { colourType: 6, bytes: 4 },
  'white-edit': { colourType: 0, bytes: 1 },
};

/**
 * The mask as a PNG of exactly the frame's size. Written from the tiles: apart from a few bytes per row the cost follows the tiles with an edge.
 *
 * @param picture whose place in the frame the file shall tell; null for a service
 */
export function encodeMaskPng(
  mask: Mask,
  frame: PixelRect,
  picture: PictureSize | null = null,
  encoding: MaskEncoding = 'dual',
): Uint8Array<ArrayBuffer> {
  const { bytes, colourType } = formats[encoding];
  const deflate = new MaskDeflate(bytes);
  const changes = new RowChanges(frame.width);
  const row = (y: number) => coverageOf(maskSource(mask), { x: frame.x, y, width: frame.width, height: 1 });
  for (let y = frame.y; y < bottom(frame); ) {
    if (y === frame.y) {
      // Nothing lies above the first row; its first pixel is the only one that is not a difference.
      const first = row(y);
      const value = first[0]!;
      deflate.literal(FILTER_SUB);
      for (const byte of bytes === 4 ? [value, value, value, 255 - value] : [value]) deflate.literal(byte);
      changes.compare(first.subarray(1), first);
      deflate.pixels(frame.width - 1, changes.columns, changes.deltas, changes.count);
    } else {
      deflate.literal(FILTER_UP);
      changes.compare(row(y), row(y - 1));
      deflate.pixels(frame.width, changes.columns, changes.deltas, changes.count);
    }
    const ty = tileIndex(y);
    const spans = denseSpans(mask, frame, ty);
    const bandEnd = Math.min(bottom(frame), (ty + 1) * TILE_SIZE);
    for (y++; y < bandEnd; y++) {
      deflate.literal(FILTER_UP);
      changes.compareInTiles(spans, y - ty * TILE_SIZE);
      deflate.pixels(frame.width, changes.columns, changes.deltas, changes.count);
    }
  }
  return pngFile(frame, colourType, picture ? framePlaceChunks(frame, picture) : [], deflate.finish());
}

/** The part of a dense tile that lies in the frame's columns. */
interface DenseSpan {
  readonly bytes: Uint8Array;
  readonly words: Uint32Array;
  /** Columns of the tile, and the frame's column at which they start. */
  readonly start: number;
  readonly end: number;
  readonly column: number;
}

function denseSpans(mask: Mask, frame: PixelRect, ty: number): DenseSpan[] {
  const spans: DenseSpan[] = [];
  for (let tx = tileIndex(frame.x); tx <= tileIndex(right(frame) - 1); tx++) {
    const tile = mask.tiles.get(tileKey(tx, ty)) ?? 0;
    if (typeof tile === 'number') continue;
    const left = tx * TILE_SIZE;
    const start = Math.max(0, frame.x - left);
    const end = Math.min(TILE_SIZE, right(frame) - left);
    const bytes = tile.bytes();
    spans.push({ bytes, words: tileWords(bytes), start, end, column: left + start - frame.x });
  }
  return spans;
}

/** The pixels of one row that differ from their prediction, in ascending order of columns. */
class RowChanges {
  readonly columns: Uint16Array;
  readonly deltas: Uint8Array;
  count = 0;

  constructor(width: number) {
    this.columns = new Uint16Array(width);
    this.deltas = new Uint8Array(width);
  }

  compare(current: Uint8Array, predicted: Uint8Array): void {
    this.count = 0;
    for (let x = 0; x < current.length; x++) {
      if (current[x] === predicted[x]) continue;
      this.columns[this.count] = x;
      this.deltas[this.count++] = current[x]! - predicted[x]!;
    }
  }

  /** A row whose neighbours above lie in the same tiles: only dense tiles can differ from it. */
  compareInTiles(spans: readonly DenseSpan[], row: number): void {
    const { columns, deltas } = this;
    let count = 0;
    for (const { bytes, words, start, end, column } of spans) {
      const shift = column - start - row * TILE_SIZE;
      const last = row * TILE_SIZE + end;
      for (let at = row * TILE_SIZE + start; at < last; ) {
        if ((at & 3) === 0 && words[at >> 2] === words[(at - TILE_SIZE) >> 2]) {
          at += 4;
          continue;
        }
        // Equal pixels are written too, and overwritten by the next: cheaper here than a branch on noise.
        for (const stop = Math.min(last, (at | 3) + 1); at < stop; at++) {
          const difference = bytes[at]! - bytes[at - TILE_SIZE]!;
          columns[count] = shift + at;
          deltas[count] = difference;
          if (difference !== 0) count++;
        }
      }
    }
    this.count = count;
  }
}

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** Length, type and CRC around a chunk's data. */
const CHUNK_OVERHEAD = 12;

function pngFile(
  { width, height }: PictureSize,
  colourType: number,
  ancillary: readonly AncillaryChunk[],
  data: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const header = new Uint8Array(13);
  const headerView = new DataView(header.buffer);
  headerView.setUint32(0, width);
  headerView.setUint32(4, height);
  // 8 bits per channel; deflate, adaptive filters, not interlaced.
  header.set([8, colourType, 0, 0, 0], 8);
  const chunks: readonly AncillaryChunk[] = [
    { type: 'IHDR', data: header },
    ...ancillary,
    { type: 'IDAT', data },
    { type: 'IEND', data: new Uint8Array(0) },
  ];
  const bytes = chunks.reduce((sum, chunk) => sum + CHUNK_OVERHEAD + chunk.data.length, SIGNATURE.length);
  const file = new Uint8Array(bytes);
  const view = new DataView(file.buffer);
  file.set(SIGNATURE);
  let at = SIGNATURE.length;
  for (const { type, data: content } of chunks) {
    view.setUint32(at, content.length);
    for (let i = 0; i < 4; i++) file[at + 4 + i] = type.charCodeAt(i);
    file.set(content, at + 8);
    const end = at + 8 + content.length;
    view.setUint32(end, crc32(file, at + 4, end));
    at = end + 4;
  }
  return file;
}
