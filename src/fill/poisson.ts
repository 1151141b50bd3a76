import type { AbortSignalLike } from './hooks.ts';

/** Pull towards the copied colours; corrections fade over about 1 / √ε = 22 px. */
const SCREENING = 0.002;
const RELAXATION = 1.85;
const SWEEPS = 60;

/** What was copied where: for `open[i]`, a pixel's index, the index of the pixel its colour came from. */
export interface Copies {
  readonly width: number;
  readonly height: number;
  readonly open: Int32Array;
  readonly origin: Int32Array;
}

/**
 * Screened Poisson blending (Pérez et al. 2003, with a pull to the copied colour): keeps the gradients of what
 * was copied and meets the known pixels, so that seams and steps of brightness vanish. `colours` holds RGBA of
 * the whole picture with the copies in place, straight, and is corrected in place (RGB only). `isKnown` is 1 where a
 * pixel may be read.
 */
export function blendCopies(
  colours: Uint8Array,
  isKnown: Uint8Array,
  copies: Copies,
  signal: AbortSignalLike | undefined,
): void {
  const { width, height, open, origin } = copies;
  const count = open.length;
  const indexOf = new Int32Array(width * height).fill(-1);
  for (let i = 0; i < count; i++) indexOf[open[i]!] = i;
  /** Per unknown and direction (left, right, up, down): index of the neighbouring unknown, −1 known, −2 nothing. */
  const neighbours = new Int32Array(count * 4).fill(-2);
  const diagonal = new Float32Array(count);
  const steps = [-1, 1, -width, width] as const;
  const leaves = (at: number, direction: number): boolean => {
    if (direction === 0) return at % width === 0;
    if (direction === 1) return at % width === width - 1;
    return direction === 2 ? at < width : at >= width * (height - 1);
  };
  /** Summed gradient mismatch per unknown, channel by channel: the right-hand side for the correction. */
  const wanted = new Float32Array(count * 3);

  for (let i = 0; i < count; i++) {
    const at = open[i]!;
    for (let d = 0; d < 4; d++) {
      const next = at + steps[d]!;
      if (leaves(at, d)) continue;
      const other = indexOf[next]!;
      if (other < 0 && isKnown[next] !== 1) continue;
      neighbours[i * 4 + d] = other < 0 ? -1 : other;
      diagonal[i]!++;
      const behind = origin[i]! + steps[d]!;
      const sawBehind = !leaves(origin[i]!, d) && isKnown[behind] === 1;
      const before = other >= 0 ? origin[other]! - steps[d]! : -1;
      const sawBefore = other >= 0 && !leaves(origin[other]!, d ^ 1) && isKnown[before] === 1;
      for (let channel = 0; channel < 3; channel++) {
        const here = colours[at * 4 + channel]!;
        const there = colours[next * 4 + channel]!;
        let gradient = 0;
        let seen = 0;
        if (sawBehind) {
          gradient += here - colours[behind * 4 + channel]!;
          seen++;
        }
        if (sawBefore) {
          gradient += colours[before * 4 + channel]! - there;
          seen++;
        }
        if (seen > 0) wanted[i * 3 + channel]! += gradient / seen - (here - there);
      }
    }
    diagonal[i]! += SCREENING;
  }

  for (let channel = 0; channel < 3; channel++) {
    const correction = new Float32Array(count);
    for (let sweep = 0; sweep < SWEEPS; sweep++) {
      signal?.throwIfAborted();
      const forward = (sweep & 1) === 0;
      for (let k = 0; k < count; k++) {
        const i = forward ? k : count - 1 - k;
        let sum = wanted[i * 3 + channel]!;
        for (let n = i * 4; n < i * 4 + 4; n++) {
          const other = neighbours[n]!;
          if (other >= 0) sum += correction[other]!;
        }
        correction[i]! += RELAXATION * (sum / diagonal[i]! - correction[i]!);
      }
    }
    for (let i = 0; i < count; i++) {
      const byte = open[i]! * 4 + channel;
      colours[byte] = Math.min(255, Math.max(0, Math.round(colours[byte]! + correction[i]!)));
    }
  }
}
