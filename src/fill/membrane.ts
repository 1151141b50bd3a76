import type { AbortSignalLike } from './abortSignal.ts';
import { KNOWN, type Level } from './level.ts';

const RELAXATION = 1.9;

/**
 * Stretches a membrane over the open pixels of a level, between the values of those beside them: Laplace's equation by
 * successive over-relaxation, as far as so many sweeps go. `values` has one number per pixel; those of pixels that are
 * neither known nor open are not read.
 */
export function stretchMembrane(
  level: Level,
  values: Float64Array,
  sweeps: number,
  signal: AbortSignalLike | undefined,
): void {
  const { width, height, state, open, openStart } = level;
  const isOpen = new Uint8Array(state.length);
  for (const at of open) isOpen[at] = 1;
  const counts = (at: number) => state[at] === KNOWN || isOpen[at] === 1;
  /** Of each open pixel, those beside it; itself where there is none. */
  const beside = new Int32Array(open.length * 4);
  const neighbours = new Uint8Array(open.length);
  for (let y = 0; y < height; y++)
    for (let i = openStart[y]!; i < openStart[y + 1]!; i++) {
      const at = open[i]!;
      const x = at - y * width;
      const meet = (direction: number, exists: boolean, near: number) => {
        const met = exists && counts(near);
        beside[i * 4 + direction] = met ? near : at;
        if (met) neighbours[i]!++;
      };
      meet(0, x > 0, at - 1);
      meet(1, x < width - 1, at + 1);
      meet(2, y > 0, at - width);
      meet(3, y < height - 1, at + width);
    }
  let sum = 0;
  let count = 0;
  for (let at = 0; at < values.length; at++) {
    if (state[at] !== KNOWN) continue;
    sum += values[at]!;
    count++;
  }
  for (const at of open) values[at] = sum / count;
  for (let sweep = 0; sweep < sweeps; sweep++) {
    signal?.throwIfAborted();
    for (let i = 0; i < open.length; i++) {
      const number = neighbours[i]!;
      if (number === 0) continue;
      const at = open[i]!;
      const own = values[at]!;
      const k = i * 4;
      const all =
        values[beside[k]!]! + values[beside[k + 1]!]! + values[beside[k + 2]!]! + values[beside[k + 3]!]!;
      values[at] = own + RELAXATION * ((all - (4 - number) * own) / number - own);
    }
  }
}
