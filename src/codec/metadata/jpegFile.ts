import { pagedReader, view } from '../header/byteReader.ts';
import { type Density, inWholeNumbers } from './density.ts';
import type { Dress } from './dress.ts';

const APP0 = 0xe0;
const APP1 = 0xe1;
const APP2 = 0xe2;
/** Of a profile in one segment, behind its name and numbers (ICC.1:2022, annex B.4). */
const PROFILE_PART = 65_519;

/** A JPEG with these metadata and no others; its pixels' data are the same. */
export async function dressJpeg(
  file: Blob,
  dress: Dress & { readonly density: Density | null },
): Promise<Blob> {
  const read = pagedReader(file);
  /** Tables of quantisation and Huffman codes follow; of the segments before only Adobe's says something of pixels. */
  const kept: Blob[] = [];
  let at = 2;
  for (;;) {
    const start = await read(at, at + 4);
    const marker = start[1]!;
    const application = start.length === 4 && start[0] === 0xff && marker >= APP0 && marker <= 0xef;
    if (!application) break;
    const next = at + 2 + view(start).getUint16(2);
    if (marker > APP2) kept.push(file.slice(at, next));
    at = next;
  }
  return new Blob(
    [
      Uint8Array.of(0xff, 0xd8),
      segment(APP0, 'JFIF\0', jfif(dress.density)),
      ...(dress.exif ? [segment(APP1, 'Exif\0\0', dress.exif)] : []),
      ...profileSegments(dress.icc ?? new Uint8Array(0)),
      ...kept,
      file.slice(at),
    ],
    { type: file.type },
  );
}

/** Version 1.02, unit, resolution, no thumbnail. Unit 0 is the ratio of the pixel's sides. */
function jfif(density: Density | null): Uint8Array {
  const { unit, x, y } = density ? inWholeNumbers(density) : { unit: null, x: 1, y: 1 };
  const code = unit === null ? 0 : unit === 'inch' ? 1 : 2;
  return Uint8Array.of(1, 2, code, x >> 8, x & 255, y >> 8, y & 255, 0, 0);
}

function profileSegments(icc: Uint8Array): Uint8Array<ArrayBuffer>[] {
  const count = Math.ceil(icc.length / PROFILE_PART);
  return Array.from({ length: count }, (_, i) =>
    segment(
      APP2,
      `ICC_PROFILE\0${String.fromCharCode(i + 1, count)}`,
      icc.subarray(i * PROFILE_PART, (i + 1) * PROFILE_PART),
    ),
  );
}

/** Marker, length (which counts itself), name, content. */
function segment(marker: number, name: string, content: Uint8Array): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(4 + name.length + content.length);
  out.set([0xff, marker]);
  view(out).setUint16(2, out.length - 2);
  for (let i = 0; i < name.length; i++) out[4 + i] = name.charCodeAt(i);
  out.set(content, 4 + name.length);
  return out;
}
