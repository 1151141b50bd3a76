import { CodecError } from '../codecError.ts';
import { type ReadBytes, view } from './byteReader.ts';
import type { ImageInfo } from './imageInfo.ts';

/**
 * Walks the blocks: the first frame must be whole; a second one makes it animated. The trailer may be missing, as
 * many writers forget it.
 */
export async function readGifInfo(read: ReadBytes): Promise<ImageInfo> {
  const header = await read(0, 13);
  if (header.length < 13) throw new CodecError('truncated');
  const fields = view(header);
  let hasAlpha = false;
  let frames = 0;

  let at = 13 + tableBytes(header[10]!);
  while (frames < 2) {
    const start = await read(at, at + 10);
    const kind = start[0];
    if (kind === undefined || kind === 0x3b) break;
    if (kind === 0x21) {
      // Graphic control: bit 0 says that one colour is transparent.
      if (frames === 0 && start[1] === 0xf9 && (start[3]! & 1) === 1) hasAlpha = true;
      at = await skipBlocks(read, at + 2);
    } else if (kind === 0x2c) {
      if (start.length < 10) throw new CodecError('truncated');
      if (frames === 0 && !coversScreen(start, fields)) hasAlpha = true;
      at = await skipBlocks(read, at + 10 + tableBytes(start[9]!) + 1);
      frames++;
    } else if (frames > 0) {
      break;
    } else {
      throw new CodecError('undecodable');
    }
  }
  if (frames === 0) throw new CodecError('truncated');
  return {
    type: 'image/gif',
    width: fields.getUint16(6, true),
    height: fields.getUint16(8, true),
    bitDepth: 8,
    lossy: false,
    hasAlpha,
    cmyk: false,
    animated: frames > 1,
    orientation: 1,
    orientationEdit: null,
    icc: null,
    cicp: null,
    calibration: null,
    exif: null,
    density: null,
  };
}

const tableBytes = (flags: number) => (flags & 0x80 ? 3 << ((flags & 7) + 1) : 0);

function coversScreen(frame: Uint8Array, screen: DataView): boolean {
  const fields = view(frame);
  return (
    fields.getUint16(1, true) === 0 &&
    fields.getUint16(3, true) === 0 &&
    fields.getUint16(5, true) >= screen.getUint16(6, true) &&
    fields.getUint16(7, true) >= screen.getUint16(8, true)
  );
}

/** Sub-blocks: a length, that many bytes, …, a zero length. */
async function skipBlocks(read: ReadBytes, from: number): Promise<number> {
  for (let at = from; ; ) {
    const [length] = await read(at, at + 1);
    if (length === undefined) throw new CodecError('truncated');
    at += 1 + length;
    if (length === 0) return at;
  }
}
