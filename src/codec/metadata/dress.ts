/** What a file of the browser's encoder is given afterwards. */
export interface Dress {
  readonly icc: Uint8Array | null;
  /** A TIFF structure of at most 65,527 bytes. */
  readonly exif: Uint8Array | null;
}
