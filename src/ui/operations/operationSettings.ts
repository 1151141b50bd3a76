import type { BorderSide, MaskOperation, OperationKind } from '../../raster/operations/operation.ts';

/** What a slider sets of an operation, in the units that are shown. */
export interface OperationSetting {
  readonly unit: 'px' | '%' | '';
  readonly min: number;
  readonly max: number;
  /** When it is used for the first time. */
  readonly initial: number;
}

/** In the order in which they are listed. */
export const operationSettings: Readonly<Record<OperationKind, OperationSetting>> = {
  grow: { unit: 'px', min: 1, max: 256, initial: 8 },
  shrink: { unit: 'px', min: 1, max: 256, initial: 8 },
  feather: { unit: 'px', min: 1, max: 256, initial: 8 },
  smooth: { unit: 'px', min: 1, max: 64, initial: 4 },
  border: { unit: 'px', min: 1, max: 256, initial: 16 },
  threshold: { unit: '%', min: 1, max: 100, initial: 50 },
  /** Of specks and holes: the edge of a square of their area. */
  specks: { unit: 'px', min: 2, max: 256, initial: 10 },
  holes: { unit: 'px', min: 2, max: 256, initial: 10 },
  largest: { unit: '', min: 1, max: 20, initial: 1 },
};

export const operationKinds = Object.keys(operationSettings) as readonly OperationKind[];

/** Coverage that a share of `percent` asks for, 1–255. */
const levelOf = (percent: number) => Math.max(1, Math.round((percent * 255) / 100));

export function operationOf(kind: OperationKind, value: number, side: BorderSide): MaskOperation {
  switch (kind) {
    case 'grow':
    case 'shrink':
      return { kind, radius: value };
    case 'feather':
    case 'smooth':
      return { kind, sigma: value };
    case 'border':
      return { kind, width: value, side };
    case 'threshold':
      return { kind, level: levelOf(value) };
    case 'largest':
      return { kind, count: value };
    // "Smaller than 10 × 10 px" goes, and a hole of just that size is still filled.
    case 'specks':
    case 'holes':
      return { kind, area: value * value };
  }
}
