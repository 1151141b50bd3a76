import type { Density } from '../metadata/density.ts';
import type { Orientation } from './exif.ts';

export type ImageType = 'image/png' | 'image/jpeg' | 'image/webp' | 'image/avif' | 'image/gif';

/** Bytes [start, end) of a file, to be replaced by others. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** ITU-T H.273 code points. */
export interface Cicp {
  readonly primaries: number;
  readonly transfer: number;
  readonly matrix: number;
  readonly fullRange: boolean;
}

/** The chunks gAMA and cHRM of a PNG, their numbers as stored: 100,000 times the value. */
export interface Calibration {
  /** Exponent from light to code. */
  readonly gamma: number | null;
  /** x and y of white, red, green, blue. */
  readonly chromaticities: readonly number[] | null;
}

/** What tells in a file which colour space its numbers are in. */
export interface ColourTags {
  readonly icc: Uint8Array | null;
  readonly cicp: Cicp | null;
  /** Null when a PNG has neither chunk, or another that goes before them, and in all other formats. */
  readonly calibration: Calibration | null;
}

/** What a file says about its picture beside the colours; carried into exported files. */
export interface FileMetadata {
  /** A TIFF structure from its byte-order mark on, unproved. */
  readonly exif: Uint8Array | null;
  /** Of the picture as stored. */
  readonly density: Density | null;
}

/** What a file says about itself, read without decoding it. */
export interface ImageInfo extends ColourTags, FileMetadata {
  readonly type: ImageType;
  /** As stored, before the orientation is applied. */
  readonly width: number;
  readonly height: number;
  readonly bitDepth: number;
  /** Its compression changes pixels. (An AVIF is taken for one that does.) */
  readonly lossy: boolean;
  /** The file has an alpha channel or a transparent colour; its pixels may still all be opaque. */
  readonly hasAlpha: boolean;
  readonly cmyk: boolean;
  readonly animated: boolean;
  /** Applied by us. AVIF's own rotation boxes are part of decoding, so here it is always 1. */
  readonly orientation: Orientation;
  /**
   * Makes the file upright by its metadata. Browsers differ in which formats they turn and in what they make of
   * `imageOrientation: 'none'`, so their decoder gets the file without an orientation, and we turn the pixels.
   */
  readonly orientationEdit: Edit | null;
}
