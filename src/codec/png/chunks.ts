import { crc32 } from '../../raster/crc32.ts';
import { CodecError } from '../codecError.ts';
import { latin1, view } from '../header/byteReader.ts';
import { PNG_SIGNATURE } from '../header/png.ts';

export interface PngChunk {
  readonly type: string;
  readonly data: Uint8Array<ArrayBuffer>;
}

/** A critical chunk's type begins with a capital. */
const isCritical = (type: string) => type.charCodeAt(0) < 0x60;

/**
 * The chunks up to IEND. A checksum that is wrong in a critical chunk throws `undecodable` (a browser would show
 * half a picture); a damaged ancillary chunk is left out.
 */
export function* pngChunks(file: Uint8Array<ArrayBuffer>): Generator<PngChunk> {
  const fields = view(file);
  for (let at = PNG_SIGNATURE.length; ; ) {
    if (at + 12 > file.length) throw new CodecError('truncated');
    const end = at + 8 + fields.getUint32(at);
    if (end + 4 > file.length) throw new CodecError('truncated');
    const type = latin1(file.subarray(at + 4, at + 8));
    if (crc32(file, at + 4, end) === fields.getUint32(end)) {
      yield { type, data: file.subarray(at + 8, end) };
    } else if (isCritical(type)) {
      throw new CodecError('undecodable');
    }
    if (type === 'IEND') return;
    at = end + 4;
  }
}
