import { bottom, type PixelRect, right } from '../geometry/rect.ts';
import { crc32 } from './checksums.ts';
import { coverageOf } from './coverage.ts';
import { type Mask, maskSource, tileIndex, tileKey } from './mask.ts';
import { MaskDeflate } from './maskDeflate.ts';
import { TILE_SIZE, tileWords } from './tile.ts';

const FILTER_SUB = 1;
const FILTER_UP = 2;

/**
 * The mask as a PNG of exactly the frame's size: 8-bit RGBA, straight alpha, alpha = 255 − coverage, red = green =
 * blue = coverage (white and transparent where erased: right for services that read alpha and for those that
 * read luminance). Written from the tiles: apart from a few bytes per row the cost follows the tiles with an edge.
 */
export function encodeMaskPng(mask: Mask, frame: PixelRect): Uint8Array<ArrayBuffer> {
  const deflate = new MaskDeflate();
  let above: Uint8Array | null = null;
  for (let y = frame.y; y < bottom(frame); ) {
    const bandEnd = Math.min(bottom(frame), (tileIndex(y) + 1) * TILE_SIZE);
    const row = coverageOf(maskSource(mask), { x: frame.x, y, width: frame.width, height: 1 });
    if (above) writeUpRow(deflate, above, row);
    else writeSubRow(deflate, row);
    const spans = denseSpans(mask, frame, tileIndex(y));
    for (let next = y + 1; next < bandEnd; next++) writeRowInTiles(deflate, spans, next, frame.width);
    y = bandEnd;
    if (y < bottom(frame))
      above = coverageOf(maskSource(mask), { x: frame.x, y: y - 1, width: frame.width, height: 1 });
  }
  return pngFile(frame.width, frame.height, deflate.finish());
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

/** Pixels of one row, in ascending order of columns and told as difference to the row above, gathered into runs. */
class RowWriter {
  readonly #deflate: MaskDeflate;
  /** Columns written; then `#run` pixels of difference `#d` that are not written yet. */
  #written = 0;
  #d = 0;
  #run = 0;

  constructor(deflate: MaskDeflate) {
    this.#deflate = deflate;
  }

  pixel(column: number, d: number): void {
    if (d === this.#d && column === this.#written + this.#run) {
      this.#run++;
      return;
    }
    this.#flush();
    this.#deflate.zeros((column - this.#written) * 4);
    this.#written = column;
    this.#d = d;
    this.#run = 1;
  }

  end(width: number): void {
    this.#flush();
    this.#deflate.zeros((width - this.#written) * 4);
  }

  #flush(): void {
    if (this.#run > 0) this.#deflate.pixels(this.#d, this.#run);
    this.#written += this.#run;
    this.#run = 0;
  }
}

/** A row whose neighbours above lie in the same tiles: only dense tiles can differ from it. */
function writeRowInTiles(deflate: MaskDeflate, spans: readonly DenseSpan[], y: number, width: number): void {
  deflate.byte(FILTER_UP);
  const row = new RowWriter(deflate);
  const offset = (y - tileIndex(y) * TILE_SIZE) * TILE_SIZE;
  for (const { bytes, words, start, end, column } of spans) {
    const shift = column - start;
    for (let x = start; x < end; ) {
      const at = offset + x;
      if ((x & 3) === 0 && words[at >> 2] === words[(at - TILE_SIZE) >> 2]) {
        x += 4;
        continue;
      }
      const d = (bytes[at]! - bytes[at - TILE_SIZE]!) & 255;
      if (d !== 0) row.pixel(shift + x, d);
      x++;
    }
  }
  row.end(width);
}

function writeUpRow(deflate: MaskDeflate, above: Uint8Array, current: Uint8Array): void {
  deflate.byte(FILTER_UP);
  const row = new RowWriter(deflate);
  for (let x = 0; x < current.length; x++) {
    const d = (current[x]! - above[x]!) & 255;
    if (d !== 0) row.pixel(x, d);
  }
  row.end(current.length);
}

/** The first row: nothing lies above it. Its first pixel is the only one that is not a difference. */
function writeSubRow(deflate: MaskDeflate, current: Uint8Array): void {
  const first = current[0]!;
  for (const byte of [FILTER_SUB, first, first, first, 255 - first]) deflate.byte(byte);
  const row = new RowWriter(deflate);
  for (let x = 1; x < current.length; x++) {
    const d = (current[x]! - current[x - 1]!) & 255;
    if (d !== 0) row.pixel(x - 1, d);
  }
  row.end(current.length - 1);
}

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** Length, type and CRC around a chunk's data. */
const CHUNK_OVERHEAD = 12;

function pngFile(width: number, height: number, data: Uint8Array): Uint8Array<ArrayBuffer> {
  const file = new Uint8Array(SIGNATURE.length + 3 * CHUNK_OVERHEAD + 13 + data.length);
  const view = new DataView(file.buffer);
  const header = new Uint8Array(13);
  const headerView = new DataView(header.buffer);
  headerView.setUint32(0, width);
  headerView.setUint32(4, height);
  // 8 bits per channel, RGBA; deflate, adaptive filters, not interlaced.
  header.set([8, 6, 0, 0, 0], 8);
  file.set(SIGNATURE);
  let at = SIGNATURE.length;
  const chunk = (type: string, content: Uint8Array) => {
    view.setUint32(at, content.length);
    for (let i = 0; i < 4; i++) file[at + 4 + i] = type.charCodeAt(i);
    file.set(content, at + 8);
    const end = at + 8 + content.length;
    view.setUint32(end, crc32(file, at + 4, end));
    at = end + 4;
  };
  chunk('IHDR', header);
  chunk('IDAT', data);
  chunk('IEND', new Uint8Array(0));
  return file;
}
