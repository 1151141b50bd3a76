import type { Size } from '../../blend/size.ts';
import { crc32 } from '../../raster/crc32.ts';
import { type AncillaryChunk, textChunk } from '../../raster/framePlace.ts';
import type { ColourTags } from '../header/imageInfo.ts';
import { PNG_SIGNATURE } from '../header/png.ts';
import { isOpaque } from '../opaque.ts';
import { type Pause, paused } from '../pause.ts';
import { Deflater } from './deflate.ts';
import { filterRow } from './filters.ts';
import { deflated } from './zlib.ts';

export interface PngSource {
  readonly width: number;
  readonly height: number;
  /** Alpha is 255 everywhere: three channels are written. */
  readonly opaque: boolean;
  /** Straight RGBA of rows [from, end). */
  readRows(from: number, end: number): Uint8Array;
  /** Without them the numbers are sRGB. */
  readonly tags?: ColourTags;
  /** What else the file says, before its pixels. */
  readonly ancillary?: readonly AncillaryChunk[];
}

/** About how many bytes of pixels are read, filtered and packed at once, as one IDAT chunk. */
const STRIP_BYTES = 1 << 20;

/** An 8-bit PNG with straight alpha, written as given: a canvas would premultiply. */
export async function encodePng(source: PngSource, pause: Pause): Promise<Blob> {
  const { tags, ancillary = [] } = source;
  return paused(pngSteps(source, [...(tags ? await tagChunks(tags) : []), ...ancillary]), pause);
}

/**
 * Straight RGBA as an sRGB PNG, at once: for whoever can't let other work in between. `software` made the picture, and is
 * named in it.
 */
export function encodePngNow({ width, height }: Size, rgba: Uint8Array, software: string): Blob {
  const readRows = (from: number, end: number) => rgba.subarray(from * width * 4, end * width * 4);
  const source = { width, height, opaque: isOpaque(rgba), readRows };
  const steps = pngSteps(source, [textChunk('Software', software)]);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** `chunks` come before the pixels. */
function* pngSteps(
  { width, height, opaque, readRows }: PngSource,
  chunks: readonly AncillaryChunk[],
): Generator<undefined, Blob> {
  const parts: Uint8Array<ArrayBuffer>[] = [Uint8Array.from(PNG_SIGNATURE)];
  const add = (type: string, data: Uint8Array) => parts.push(chunk(type, data));

  const header = new Uint8Array(13);
  const fields = new DataView(header.buffer);
  fields.setUint32(0, width);
  fields.setUint32(4, height);
  header.set([8, opaque ? 2 : 6], 8);
  add('IHDR', header);
  for (const { type, data } of chunks) add(type, data);

  const deflater = new Deflater();
  const channels = opaque ? 3 : 4;
  const rowBytes = width * channels;
  const rows = Math.max(1, Math.floor(STRIP_BYTES / rowBytes));
  let above: Uint8Array = new Uint8Array(rowBytes);
  for (let from = 0; from < height; from += rows) {
    const end = Math.min(height, from + rows);
    const rgba = readRows(from, end);
    const strip = opaque ? withoutAlpha(rgba) : rgba;
    const filtered = new Uint8Array((end - from) * (rowBytes + 1));
    for (let y = 0; y < end - from; y++) {
      const row = strip.subarray(y * rowBytes, (y + 1) * rowBytes);
      filterRow(row, above, channels, filtered.subarray(y * (rowBytes + 1), (y + 1) * (rowBytes + 1)));
      above = row;
    }
    above = above.slice();
    add('IDAT', deflater.push(filtered));
    yield;
  }
  add('IDAT', deflater.finish());
  add('IEND', new Uint8Array(0));
  return new Blob(parts, { type: 'image/png' });
}

async function tagChunks({ icc, cicp, calibration }: ColourTags): Promise<AncillaryChunk[]> {
  const { gamma, chromaticities } = calibration ?? {};
  const ranges = cicp && [cicp.primaries, cicp.transfer, cicp.matrix, cicp.fullRange ? 1 : 0];
  return [
    ...(ranges ? [{ type: 'cICP', data: Uint8Array.from(ranges) }] : []),
    ...(icc ? [{ type: 'iCCP', data: await profileChunk(icc) }] : []),
    ...(gamma ? [{ type: 'gAMA', data: uint32s([gamma]) }] : []),
    ...(chromaticities ? [{ type: 'cHRM', data: uint32s(chromaticities) }] : []),
  ];
}

function uint32s(values: readonly number[]): Uint8Array {
  const out = new Uint8Array(values.length * 4);
  const fields = new DataView(out.buffer);
  for (const [i, value] of values.entries()) fields.setUint32(i * 4, value);
  return out;
}

function withoutAlpha(rgba: Uint8Array): Uint8Array {
  const out = new Uint8Array((rgba.length / 4) * 3);
  for (let i = 0, o = 0; i < rgba.length; i += 4, o += 3) {
    out[o] = rgba[i]!;
    out[o + 1] = rgba[i + 1]!;
    out[o + 2] = rgba[i + 2]!;
  }
  return out;
}

/** Length, type, data, checksum. */
function chunk(type: string, data: Uint8Array): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(data.length + 12);
  const fields = new DataView(out.buffer);
  fields.setUint32(0, data.length);
  for (let i = 0; i < 4; i++) out[4 + i] = type.charCodeAt(i);
  out.set(data, 8);
  fields.setUint32(8 + data.length, crc32(out, 4, 8 + data.length));
  return out;
}

/** Keyword "ICC", its zero, compression method 0. */
const profileChunk = async (icc: Uint8Array) => {
  const packed = await deflated(icc);
  return joined([Uint8Array.of(73, 67, 67, 0, 0), packed], packed.length + 5);
};

function joined(parts: readonly Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
