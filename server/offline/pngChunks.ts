import { crc32, deflateSync } from 'node:zlib';

/** Signature (8 bytes) and the IHDR chunk (4 + 4 + 13 + 4), which always comes first. */
const AFTER_HEADER = 33;

export interface PngWords {
  /** ICC profile of a PNG that has no colour chunk of its own; null: none. */
  readonly profile: Uint8Array | null;
  /** Which program made the picture, for the text `Software`; printable ASCII. null: nothing is said. */
  readonly software: string | null;
}

/** Adds an `iCCP` and a `tEXt` chunk (PNG specification, third edition, 11.3.2.3 and 11.3.3.2). */
export function addChunks(png: Uint8Array, { profile, software }: PngWords): Uint8Array {
  const added: Buffer[] = [];
  // Its name, the end of that, and compression method 0.
  if (profile) added.push(chunk('iCCP', Buffer.from('ICC profile\0\0', 'latin1'), deflateSync(profile)));
  if (software !== null) added.push(chunk('tEXt', Buffer.from(`Software\0${software}`, 'latin1')));
  return Buffer.concat([png.subarray(0, AFTER_HEADER), ...added, png.subarray(AFTER_HEADER)]);
}

function chunk(type: string, ...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), ...parts]);
  const whole = Buffer.alloc(body.length + 8);
  whole.writeUInt32BE(body.length - 4, 0);
  body.copy(whole, 4);
  whole.writeUInt32BE(crc32(body), whole.length - 4);
  return whole;
}
