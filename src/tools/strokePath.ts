import type { StrokeSample } from '../raster/stroke.ts';

/** Length of the string at full smoothing, CSS px. */
const LONGEST_STRING = 80;

/** In document px, so that a hand is evened out the same at every zoom. */
export const stringLength = (smoothing: number, scale: number) => (smoothing * LONGEST_STRING) / scale;

/**
 * Where a brush comes to that is pulled on a string behind the pointer (the "pulled string" or "lazy brush"
 * stabiliser): it stays while the string is slack, so a trembling hand draws nothing, and follows on an even curve
 * when it is taut. Null while it stays. It depends on the way alone, not on how often the pointer reports.
 */
export function pulled(brush: StrokeSample, pointer: StrokeSample, length: number): StrokeSample | null {
  if (length === 0) return pointer;
  const dx = pointer.x - brush.x;
  const dy = pointer.y - brush.y;
  const distance = Math.hypot(dx, dy);
  if (distance <= length) return null;
  const share = 1 - length / distance;
  return { ...pointer, x: brush.x + dx * share, y: brush.y + dy * share };
}

/** The row or the column that a stroke keeps to while Shift is held; undecided until the pointer has moved away. */
export interface AxisLock {
  readonly x: number;
  readonly y: number;
  readonly axis: 'row' | 'column' | null;
}

/** Decides by where the pointer goes first; `slack`, document px, is not yet a direction. */
export function decideAxis(lock: AxisLock, pointer: StrokeSample, slack: number): AxisLock {
  const across = Math.abs(pointer.x - lock.x);
  const down = Math.abs(pointer.y - lock.y);
  if (lock.axis || Math.max(across, down) < slack) return lock;
  return { ...lock, axis: across >= down ? 'row' : 'column' };
}

export function onAxis({ x, y, axis }: AxisLock, pointer: StrokeSample): StrokeSample {
  return { ...pointer, x: axis === 'row' ? pointer.x : x, y: axis === 'column' ? pointer.y : y };
}
