/** Mixes integers into one well-spread 32-bit seed, never 0 (xorshift would stay there). Murmur3's finaliser. */
export function mixSeed(...parts: readonly number[]): number {
  let hash = 0x9e3779b9;
  for (const part of parts) {
    hash = Math.imul(hash ^ part, 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    hash ^= hash >>> 16;
  }
  return hash >>> 0 || 1;
}

/** One step of Marsaglia's xorshift32; state and result are unsigned and never 0. */
export function xorshift(state: number): number {
  let next = state;
  next ^= next << 13;
  next ^= next >>> 17;
  next ^= next << 5;
  return next >>> 0;
}

export interface Random {
  /** 0 ≤ x < 1 */
  unit(): number;
  /** low ≤ x < high */
  between(low: number, high: number): number;
  /** An integer, 0 ≤ x < count. */
  below(count: number): number;
}

/** A repeatable stream: the same seeds give the same numbers. */
export function createRandom(...seeds: readonly number[]): Random {
  let state = mixSeed(...seeds);
  const unit = () => {
    state = xorshift(state);
    return state / 0x1_0000_0000;
  };
  return {
    unit,
    between: (low, high) => low + (high - low) * unit(),
    below: (count) => Math.floor(unit() * count),
  };
}

/** Of several results the k-th, from 0, has this seed: the same request gives the same pictures wherever it is done. */
export const seedOf = (first: number, k: number) => (first + k) >>> 0;
