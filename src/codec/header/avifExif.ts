import { latin1, type ReadBytes, view } from './byteReader.ts';
import { keptExif } from './exif.ts';

/** Content of a box, in the file. */
interface Span {
  readonly start: number;
  readonly end: number;
}

/** More than any picture's metadata needs; tiled pictures have a few hundred items. */
const MAX_TABLE_BYTES = 1 << 20;

/**
 * The Exif item of a HEIF file (ISO/IEC 23008-12, annex A.2.1), where it lies in one piece of the file itself. Null
 * when there is none or it is stored in another way: a picture opens without it.
 */
export async function readAvifExif(read: ReadBytes, iinf: Span, iloc: Span): Promise<Uint8Array | null> {
  const table = ({ start, end }: Span) => read(start, Math.min(end, start + MAX_TABLE_BYTES));
  try {
    const id = exifItem(await table(iinf));
    const place = id === null ? null : placeOf(await table(iloc), id);
    if (!place || place.end - place.start > MAX_TABLE_BYTES) return null;
    const item = await read(place.start, place.end);
    // The offset of the TIFF header behind this field.
    const skipped = 4 + view(item).getUint32(0);
    return skipped < item.length ? keptExif(item.subarray(skipped)) : null;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** The number of the item of type Exif, from the infe boxes of an iinf box. Throws a `RangeError` when it is cut. */
function exifItem(iinf: Uint8Array): number | null {
  const fields = view(iinf);
  for (let at = iinf[0] === 0 ? 6 : 8; at + 8 <= iinf.length; ) {
    const length = fields.getUint32(at);
    const version = fields.getUint8(at + 8);
    if (length < 8) return null;
    // Version 2 numbers items with 16 bits, 3 with 32; the type follows the number and two bytes of protection.
    const type = at + (version === 3 ? 18 : 16);
    if (version >= 2 && latin1(iinf.subarray(type, type + 4)) === 'Exif') {
      return version === 3 ? fields.getUint32(at + 12) : fields.getUint16(at + 12);
    }
    at += length;
  }
  return null;
}

/** Throws a `RangeError` when the table is cut. */
function placeOf(iloc: Uint8Array, wanted: number): Span | null {
  const fields = view(iloc);
  const version = fields.getUint8(0);
  let at = 4;
  const number = (bytes: number): number => {
    const from = at;
    at += bytes;
    if (bytes === 0) return 0;
    if (bytes === 2) return fields.getUint16(from);
    return bytes === 4 ? fields.getUint32(from) : Number(fields.getBigUint64(from));
  };
  const sizes = number(2);
  const [offsetBytes, lengthBytes, baseBytes] = [sizes >> 12, (sizes >> 8) & 15, (sizes >> 4) & 15];
  const indexBytes = version === 0 ? 0 : sizes & 15;
  // Without a length an extent would take no room in the table, and be the whole file.
  if (lengthBytes === 0) return null;
  if ([offsetBytes, lengthBytes, baseBytes, indexBytes].some((bytes) => ![0, 4, 8].includes(bytes)))
    return null;
  const idBytes = version < 2 ? 2 : 4;
  for (let items = number(idBytes); items > 0; items--) {
    const id = number(idBytes);
    const method = version === 0 ? 0 : number(2) & 15;
    number(2);
    const base = number(baseBytes);
    const extents = number(2);
    for (let i = 0; i < extents; i++) {
      number(indexBytes);
      const start = base + number(offsetBytes);
      const end = start + number(lengthBytes);
      // Method 0: offsets into the file.
      if (id === wanted) return method === 0 && extents === 1 ? { start, end } : null;
    }
  }
  return null;
}
