import { type FramePlace, framePlaceOf } from '../../raster/framePlace.ts';
import { CodecError } from '../codecError.ts';
import { view } from '../header/byteReader.ts';
import type { Pause } from '../pause.ts';
import { type PngChunk, pngChunks } from './chunks.ts';
import { unfilter } from './filters.ts';
import { type PixelFormat, type RowWriter, rowWriter } from './pixelFormat.ts';

interface Pass {
  readonly x: number;
  readonly y: number;
  readonly stepX: number;
  readonly stepY: number;
}

/** Adam7, PNG specification section 8.2. */
const ADAM7: readonly Pass[] = [
  { x: 0, y: 0, stepX: 8, stepY: 8 },
  { x: 4, y: 0, stepX: 8, stepY: 8 },
  { x: 0, y: 4, stepX: 4, stepY: 8 },
  { x: 2, y: 0, stepX: 4, stepY: 4 },
  { x: 0, y: 2, stepX: 2, stepY: 4 },
  { x: 1, y: 0, stepX: 2, stepY: 2 },
  { x: 0, y: 1, stepX: 1, stepY: 2 },
];
const WHOLE: readonly Pass[] = [{ x: 0, y: 0, stepX: 1, stepY: 1 }];

/** A PNG ready to be decoded: its checksums are right. */
export interface PngFile {
  readonly format: PixelFormat;
  readonly interlaced: boolean;
  readonly idat: readonly Uint8Array<ArrayBuffer>[];
  /** Where the file says that it lies. */
  readonly place: FramePlace | null;
}

/** Reads and checks every chunk; throws a `CodecError` when the file is damaged. */
export async function readPng(file: Uint8Array<ArrayBuffer>, pause: Pause): Promise<PngFile> {
  let header: Uint8Array | null = null;
  let palette: Uint8Array | null = null;
  let transparency: Uint8Array | null = null;
  const idat: Uint8Array<ArrayBuffer>[] = [];
  const placing: PngChunk[] = [];
  for (const { type, data } of pngChunks(file)) {
    if (type === 'IHDR' && data.length === 13) header = data;
    else if (type === 'PLTE') palette = data;
    else if (type === 'tRNS') transparency = data;
    else if (type === 'IDAT') idat.push(data);
    else if (type === 'tEXt' || type === 'oFFs') placing.push({ type, data });
    await pause();
  }
  if (!header || idat.length === 0) throw new CodecError('undecodable');
  const fields = view(header);
  const [depth, colourType, compression, filter, interlace] = header.subarray(8) as unknown as number[];
  if (compression !== 0 || filter !== 0 || interlace! > 1) throw new CodecError('undecodable');
  const format: PixelFormat = {
    width: fields.getUint32(0),
    height: fields.getUint32(4),
    depth: depth!,
    colourType: colourType!,
    palette,
    transparency,
  };
  return { format, interlaced: interlace === 1, idat, place: framePlaceOf(placing, format) };
}

/**
 * Straight RGBA, 8 bits, exactly as stored: no gamma, no colour management, hidden colours under alpha 0 kept;
 * 16-bit samples are rounded to 8. All colour types and depths of the PNG specification (third edition), interlaced
 * or not. Throws a `CodecError` when the data ends early or does not inflate.
 */
export async function decodePng(file: PngFile, pause: Pause): Promise<Uint8Array<ArrayBuffer>> {
  const { width, height } = file.format;
  const out = new Uint8Array(width * height * 4);
  await eachRow(file, pause, (row, columns, write, pass, y) => {
    write(row, columns, out, ((pass.y + y * pass.stepY) * width + pass.x) * 4, pass.stepX * 4);
  });
  return out;
}

/** As `decodePng`, in pieces of about `rows` whole rows from the top; an interlaced file is one piece. */
export async function decodePngPieces(
  file: PngFile,
  rows: number,
  pause: Pause,
  visit: (rgba: Uint8Array<ArrayBuffer>, top: number, height: number) => void,
): Promise<void> {
  const { width, height } = file.format;
  if (file.interlaced) return visit(await decodePng(file, pause), 0, height);
  let piece = new Uint8Array(0);
  await eachRow(file, pause, (row, columns, write, _, y) => {
    const top = y - (y % rows);
    const count = Math.min(rows, height - top);
    if (y === top) piece = new Uint8Array(width * count * 4);
    write(row, columns, piece, (y - top) * width * 4, 4);
    if (y === top + count - 1) visit(piece, top, count);
  });
}

/** Calls `take` for the unfiltered rows of each pass, from the top. */
async function eachRow(
  { format, interlaced, idat }: PngFile,
  pause: Pause,
  take: (row: Uint8Array, columns: number, write: RowWriter['write'], pass: Pass, y: number) => void,
): Promise<void> {
  const { width, height } = format;
  const writer = rowWriter(format);
  const inflated = inflate(idat);
  try {
    for (const pass of interlaced ? ADAM7 : WHOLE) {
      const columns = Math.ceil((width - pass.x) / pass.stepX);
      const rows = Math.ceil((height - pass.y) / pass.stepY);
      if (columns <= 0 || rows <= 0) continue;
      const rowBytes = Math.ceil((columns * writer.bitsPerPixel) / 8);
      let row = new Uint8Array(1 + rowBytes);
      let above = new Uint8Array(1 + rowBytes);
      for (let y = 0; y < rows; y++) {
        await inflated.fill(row);
        unfilter(row, above, Math.max(1, writer.bitsPerPixel >> 3));
        take(row, columns, writer.write, pass, y);
        [row, above] = [above, row];
        if ((y & 15) === 0) await pause();
      }
    }
  } finally {
    inflated.cancel();
  }
}

interface Inflated {
  /** Takes as many bytes as the buffer is long. */
  fill(buffer: Uint8Array): Promise<void> | undefined;
  cancel(): void;
}

function inflate(parts: readonly Uint8Array<ArrayBuffer>[]): Inflated {
  const source = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(controller) {
      const part = parts[next++];
      if (part) controller.enqueue(part);
      else controller.close();
    },
  });
  let next = 0;
  const reader = source.pipeThrough(new DecompressionStream('deflate')).getReader();
  let chunk: Uint8Array = new Uint8Array(0);
  let at = 0;

  const take = (buffer: Uint8Array, from: number) => {
    const length = Math.min(buffer.length - from, chunk.length - at);
    buffer.set(chunk.subarray(at, at + length), from);
    at += length;
    return from + length;
  };
  const fillSlowly = async (buffer: Uint8Array, from: number) => {
    for (let filled = from; filled < buffer.length; filled = take(buffer, filled)) {
      const { value, done } = await reader.read().catch((cause: unknown) => {
        throw new CodecError('undecodable', {}, { cause });
      });
      if (done) throw new CodecError('truncated');
      chunk = value;
      at = 0;
    }
  };
  return {
    // Most rows lie within a chunk: no promise for those.
    fill(buffer) {
      const filled = take(buffer, 0);
      return filled < buffer.length ? fillSlowly(buffer, filled) : undefined;
    },
    // Rejects when the stream has failed before, which `fill` has told then.
    cancel: () => void reader.cancel().catch(() => undefined),
  };
}
