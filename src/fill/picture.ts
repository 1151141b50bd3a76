/** A picture, straight (not premultiplied) RGBA, 4 bytes per pixel. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8Array;
}

export interface FillRequest extends Picture {
  /** Nonzero = fill, per pixel. */
  readonly hole: Uint8Array;
  readonly seed: number;
}
