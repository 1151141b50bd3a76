/** What can be done to a mask as a whole; plain data. Lengths are document px, areas are numbers of pixels. */
export type MaskOperation =
  | { readonly kind: 'grow' | 'shrink'; readonly radius: number }
  /** `sigma`: the standard deviation of the Gaussian. */
  | { readonly kind: 'feather' | 'smooth'; readonly sigma: number }
  /** Only a ring along the edge stays, `width` wide in all; 'both': half of it on either side. */
  | { readonly kind: 'border'; readonly width: number; readonly side: BorderSide }
  /** Coverage from `level` (1–255) on becomes 255, what is less 0. */
  | { readonly kind: 'threshold'; readonly level: number }
  /** The `count` largest pieces stay. */
  | { readonly kind: 'largest'; readonly count: number }
  /** Pieces of fewer pixels than `area` go. */
  | { readonly kind: 'specks'; readonly area: number }
  /** Enclosed holes of at most `area` pixels are filled; null: all. */
  | { readonly kind: 'holes'; readonly area: number | null };

export type BorderSide = 'inside' | 'outside' | 'both';
export type OperationKind = MaskOperation['kind'];
