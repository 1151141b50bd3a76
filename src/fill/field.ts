import { HOLE, KNOWN, type Level } from './level.ts';
import type { Random } from './random.ts';

/**
 * Nearest-neighbour field of one level: for every target patch, named by its centre pixel, the source patch that
 * looks most like it. Patches are squares of 2 · radius + 1 pixels and lie wholly inside the picture.
 */
export interface Field {
  readonly radius: number;
  /** Centre of the source patch per pixel; −1 where no target is centred. */
  readonly source: Int32Array;
  /** Cost of that match; only meaningful at targets. */
  readonly cost: Int32Array;
  /** 1 where a patch that is wholly known is centred. */
  readonly isSource: Uint8Array;
  /** Centres of patches that touch the hole, in raster order. */
  readonly targets: Int32Array;
  /** Index into `targets` where each row begins; height + 1 entries. */
  readonly rowStart: Int32Array;
  /** Pixels not known that a target covers: what voting writes. Hole, and void next to it. Raster order. */
  readonly open: Int32Array;
}

/** Per pixel, how many pixels of its patch satisfy `wanted`, as 0 / some / all; patches off the picture are 0. */
function patchCounts(level: Level, radius: number, wanted: number): Uint8Array {
  const { width, height, state } = level;
  const counts = new Uint8Array(width * height);
  const columns = new Uint8Array(width);
  for (let y = -radius; y < height - radius; y++) {
    const enter = (y + radius) * width;
    const leave = (y - radius - 1) * width;
    for (let x = 0; x < width; x++) {
      if (state[enter + x] === wanted) columns[x]!++;
      if (leave >= 0 && state[leave + x] === wanted) columns[x]!--;
    }
    if (y < radius) continue;
    let count = 0;
    for (let x = 0; x < width; x++) {
      count += columns[x]!;
      if (x > 2 * radius) count -= columns[x - 2 * radius - 1]!;
      if (x >= 2 * radius) counts[y * width + x - radius] = count;
    }
  }
  return counts;
}

/** An empty field (no matches yet), or null when no patch of this radius is wholly known. */
export function createField(level: Level, radius: number): Field | null {
  const { width, height } = level;
  const whole = (2 * radius + 1) ** 2;
  const isSource = patchCounts(level, radius, KNOWN);
  let sources = 0;
  for (let at = 0; at < isSource.length; at++) sources += isSource[at] = isSource[at] === whole ? 1 : 0;
  if (sources === 0) return null;

  const touching = patchCounts(level, radius, HOLE);
  const rowStart = new Int32Array(height + 1);
  for (let y = 0, at = 0, count = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) if (touching[at] !== 0) count++;
    rowStart[y + 1] = count;
  }
  const targets = new Int32Array(rowStart[height]!);
  for (let at = 0, count = 0; at < touching.length; at++) if (touching[at] !== 0) targets[count++] = at;

  return {
    radius,
    source: new Int32Array(width * height).fill(-1),
    cost: new Int32Array(width * height),
    isSource,
    targets,
    rowStart,
    open: openPixels(level, targets, radius),
  };
}

function openPixels(level: Level, targets: Int32Array, radius: number): Int32Array {
  const { width, state } = level;
  const covered = new Uint8Array(state.length);
  for (const centre of targets) {
    for (let dy = -radius; dy <= radius; dy++) {
      const start = centre + dy * width - radius;
      covered.fill(1, start, start + 2 * radius + 1);
    }
  }
  let count = 0;
  for (let at = 0; at < state.length; at++) if (covered[at] === 1 && state[at] !== KNOWN) count++;
  const open = new Int32Array(count);
  for (let at = 0, next = 0; at < state.length; at++) {
    if (covered[at] === 1 && state[at] !== KNOWN) open[next++] = at;
  }
  return open;
}

/** A source within `reach` px (Chebyshev) of a pixel if one is hit in a few tries, else any source. */
export function randomSource(
  level: Level,
  field: Field,
  near: number,
  reach: number,
  random: Random,
): number {
  const { width, height } = level;
  const x = near % width;
  const y = (near - x) / width;
  for (let tries = 0; tries < 32; tries++) {
    const left = Math.max(0, x - reach);
    const top = Math.max(0, y - reach);
    const candidateX = left + random.below(Math.min(width, x + reach + 1) - left);
    const candidateY = top + random.below(Math.min(height, y + reach + 1) - top);
    const candidate = candidateY * width + candidateX;
    if (field.isSource[candidate] === 1) return candidate;
  }
  const start = random.below(width * height);
  const after = field.isSource.indexOf(1, start);
  return after >= 0 ? after : field.isSource.indexOf(1);
}
