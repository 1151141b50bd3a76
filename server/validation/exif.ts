const ORIENTATION_TAG = 0x0112;
const TYPE_SHORT = 3;

/**
 * EXIF orientation (1 to 8) from a TIFF block, with or without the leading "Exif\0\0"; 1 when it says nothing usable.
 * Layout: TIFF 6.0, section 2 (8-byte header, then image file directories of 12-byte entries).
 */
export function readOrientation(block: Uint8Array): number {
  const tiff = startsWithExif(block) ? block.subarray(6) : block;
  if (tiff.length < 8) return 1;
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength);
  const order = view.getUint16(0);
  if (order !== 0x4949 && order !== 0x4d4d) return 1;
  const little = order === 0x4949;
  if (view.getUint16(2, little) !== 42) return 1;

  const directory = view.getUint32(4, little);
  if (directory + 2 > tiff.length) return 1;
  const entries = view.getUint16(directory, little);
  for (let i = 0; i < entries; i++) {
    const entry = directory + 2 + i * 12;
    if (entry + 12 > tiff.length) return 1;
    if (view.getUint16(entry, little) !== ORIENTATION_TAG) continue;
    const value = view.getUint16(entry + 8, little);
    return view.getUint16(entry + 2, little) === TYPE_SHORT && value >= 1 && value <= 8 ? value : 1;
  }
  return 1;
}

function startsWithExif(block: Uint8Array): boolean {
  const magic = [0x45, 0x78, 0x69, 0x66, 0, 0];
  return magic.every((byte, i) => block[i] === byte);
}
