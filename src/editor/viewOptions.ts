/** In the order in which the key goes through them. */
export const MASK_LOOKS = ['erased', 'tint', 'mask', 'outline'] as const;

/**
 * How the mask is drawn: as a hole with a checkerboard, as a tint over the picture, by itself (white on black), or as
 * an outline.
 */
export type MaskLook = (typeof MASK_LOOKS)[number];

/** What a tint is told by without its colour. */
export const TINT_PATTERNS = ['stripes', 'dots', 'plain'] as const;
export type TintPattern = (typeof TINT_PATTERNS)[number];

export interface Tint {
  /** #rrggbb */
  readonly colour: string;
  readonly pattern: TintPattern;
  /** Of full coverage, 0.1–1. */
  readonly opacity: number;
}

export const MIN_TINT_OPACITY = 0.1;

/** How the user wants mask and picture to be seen; remembered for all documents. */
export interface ViewOptions {
  readonly maskLook: MaskLook;
  readonly tint: Tint;
  /** Lines between document px, from a zoom on at which there is room for them. */
  readonly pixelGrid: boolean;
}

export const defaultView: ViewOptions = {
  maskLook: 'erased',
  // Rare in photographs, and neither the accent nor a warning.
  tint: { colour: '#e5379f', pattern: 'stripes', opacity: 0.6 },
  pixelGrid: true,
};
