/** How a raw result is made part of the picture. Changing them costs nothing: the raw result is kept. */
export interface BlendSettings {
  /** Document px by which the mask is grown (> 0) or shrunk (< 0) before it is feathered; −32 … 64. */
  readonly grow: number;
  /** Width of the inward ramp, document px; 0 … 64. */
  readonly feather: number;
  /** Undo the shift and scale that the comparison found. */
  readonly align: boolean;
  /** How much of the difference in colour that the comparison found is undone, 0–1. */
  readonly colour: number;
  /** feather: the ramp alone. gradient: the result's colours are also bent to meet the picture at the mask's edge. */
  readonly seam: 'feather' | 'gradient';
  /** Take along what the service changed beside the mask, such as a shadow. */
  readonly include: boolean;
}

export const GROW_RANGE = { min: -32, max: 64 } as const;
export const FEATHER_RANGE = { min: 0, max: 64 } as const;

export const DEFAULT_BLEND: BlendSettings = {
  grow: 0,
  feather: 8,
  align: true,
  colour: 1,
  seam: 'feather',
  include: false,
};

export const sameBlend = (a: BlendSettings, b: BlendSettings) =>
  (Object.keys(a) as (keyof BlendSettings)[]).every((key) => a[key] === b[key]);
