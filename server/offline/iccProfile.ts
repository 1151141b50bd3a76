import { crc32, deflateSync } from 'node:zlib';

/** Signature (8 bytes) and the IHDR chunk (4 + 4 + 13 + 4), which always comes first. */
const AFTER_HEADER = 33;

/** Adds an `iCCP` chunk to a PNG that has no colour chunk of its own. */
export function attachProfile(png: Uint8Array, profile: Uint8Array): Uint8Array {
  const name = Buffer.from('ICC profile\0\0', 'latin1'); // name, its end, compression method 0
  const body = Buffer.concat([Buffer.from('iCCP', 'latin1'), name, deflateSync(profile)]);
  const chunk = Buffer.alloc(body.length + 8);
  chunk.writeUInt32BE(body.length - 4, 0);
  body.copy(chunk, 4);
  chunk.writeUInt32BE(crc32(body), chunk.length - 4);
  return Buffer.concat([png.subarray(0, AFTER_HEADER), chunk, png.subarray(AFTER_HEADER)]);
}
