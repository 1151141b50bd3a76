import type { AbortSignalLike } from './abortSignal.ts';
import type { Crew } from './team.ts';

export interface FillHooks {
  /** Asked every few milliseconds of work; its `throwIfAborted` decides what is thrown. */
  readonly signal?: AbortSignalLike;
  /** Share of the work done, 0..1, rising. */
  readonly progress?: (share: number) => void;
  /** Who works on a fill that takes up to so many bytes; by default the calling thread does it alone. */
  readonly createCrew?: (bytes: number, signal: AbortSignalLike | undefined) => Crew;
  /**
   * After each stage but the last, `index` from 0 to `count` − 1, coarse to fine. `draw` makes the picture as it stands:
   * straight RGBA of the full size, known pixels byte for byte. Only valid during the call, and costs nothing unless called.
   */
  readonly stage?: (index: number, count: number, draw: () => Uint8Array<ArrayBuffer>) => void;
}

/** The same hooks, with something done to each picture that a stage draws. */
export function mapStages(
  hooks: FillHooks,
  change: (rgba: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>,
): FillHooks {
  const { stage } = hooks;
  if (!stage) return hooks;
  return { ...hooks, stage: (index, count, draw) => stage(index, count, () => change(draw())) };
}
