import type { Cicp, ColourTags, ImageInfo } from '../header/imageInfo.ts';
import { spaceOfCalibration } from './calibration.ts';
import { type Conversion, conversion } from './convert.ts';
import { parseMatrixProfile } from './iccProfile.ts';
import { DISPLAY_P3, type RgbSpace, SRGB } from './rgbSpace.ts';
import { matrixProfile } from './writeProfile.ts';

/** The colour space that a picture's numbers are in, and the tags that say so in an exported PNG. */
export interface DocumentColour extends ColourTags {
  /** Null: the numbers are sRGB. */
  readonly space: RgbSpace | null;
}

export const PLAIN_SRGB: DocumentColour = { space: null, icc: null, cicp: null, calibration: null };

/** 'browser': we can't read the file's space, so the browser converts the pixels to sRGB. */
export function colourOf({ icc, cicp, calibration, cmyk }: ImageInfo): DocumentColour | 'browser' {
  if (cmyk) return 'browser';
  // A cICP chunk goes before a profile (PNG specification, third edition, section 4.3).
  if (cicp && !(cicp.primaries === 2 && icc)) {
    const space = spaceOfCicp(cicp);
    return space === 'unknown' ? 'browser' : { ...PLAIN_SRGB, space, cicp: space && RGB_P3 };
  }
  if (calibration) return { ...PLAIN_SRGB, space: spaceOfCalibration(calibration), calibration };
  if (!icc) return PLAIN_SRGB;
  const space = parseMatrixProfile(icc);
  if (!space) return 'browser';
  return { ...PLAIN_SRGB, space: isSrgb(space) ? null : space, icc };
}

/** Display P3 as RGB: an AVIF's own code points also name its YCbCr matrix. */
const RGB_P3: Cicp = { primaries: 12, transfer: 13, matrix: 0, fullRange: true };

/** Primaries 1 BT.709, 12 P3 D65, 2 unspecified; transfer 13 sRGB. */
function spaceOfCicp({ primaries, transfer }: Cicp): RgbSpace | null | 'unknown' {
  if (transfer !== 13 && transfer !== 2) return 'unknown';
  if (primaries === 1 || primaries === 2) return null;
  return primaries === 12 ? DISPLAY_P3 : 'unknown';
}

/** Profiles of sRGB differ in their last digits; what counts is that no colour moves by more than a level. */
function isSrgb(space: RgbSpace): boolean {
  const levels = [0, 20, 64, 128, 200, 255];
  const colours = levels.flatMap((r) => levels.flatMap((g) => levels.flatMap((b) => [r, g, b, 255])));
  const before = Uint8Array.from(colours);
  const after = before.slice();
  conversion(space, SRGB)(after);
  return after.every((value, i) => Math.abs(value - before[i]!) <= 1);
}

/** Null when nothing has to be done. */
export const toSrgb = ({ space }: DocumentColour): Conversion | null => space && conversion(space, SRGB);
export const toDisplayP3 = ({ space }: DocumentColour): Conversion | null =>
  space && space !== DISPLAY_P3 ? conversion(space, DISPLAY_P3) : null;
export const fromSrgb = ({ space }: DocumentColour): Conversion | null => space && conversion(SRGB, space);

/** A JPEG holds 255 pieces of 64 kB; profiles of matrix and curves have a few kB. */
const MAX_PROFILE_BYTES = 1 << 23;

/** The profile that names the numbers' space where no chunk can; null: they are sRGB. */
export function profileOf({ icc, space }: DocumentColour): Uint8Array | null {
  if (icc && icc.length <= MAX_PROFILE_BYTES) return icc;
  return space && matrixProfile(space, space === DISPLAY_P3 ? 'Display P3' : 'Calibrated RGB');
}
