/** How much an edge between two pixels of the same colour costs to cut: GrabCut's γ. */
const SMOOTHNESS = 30;
/** Mean squared difference of neighbours that counts at least, in hundredths of OKLab: noise below it is no edge. */
const LEAST_CONTRAST = 0.5;

/** Squared difference of two pixels' colours; `lab` as elsewhere, i and j count pixels. */
export function squaredDifference(lab: Float32Array, i: number, j: number): number {
  const l = lab[i * 3]! - lab[j * 3]!;
  const a = lab[i * 3 + 1]! - lab[j * 3 + 1]!;
  const b = lab[i * 3 + 2]! - lab[j * 3 + 2]!;
  return l * l + a * a + b * b;
}

/**
 * What it costs to part two neighbours: γ · exp(−β · difference²), over √2 for diagonal ones, β = 1 / (2 · mean of
 * difference²) (C. Rother, V. Kolmogorov, A. Blake, "GrabCut", 2004).
 */
export function partingCost(meanSquared: number): (squared: number, diagonal: boolean) => number {
  const beta = 1 / (2 * Math.max(LEAST_CONTRAST, meanSquared));
  return (squared, diagonal) => SMOOTHNESS * Math.exp(-beta * squared) * (diagonal ? Math.SQRT1_2 : 1);
}
