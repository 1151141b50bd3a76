/** Farther than any distance inside a block; small enough to stay exact in a 32-bit float. */
const FAR = 1e9;

/**
 * Exact Euclidean distance, in px, from each pixel's centre to the nearest centre of a pixel in the set; Infinity
 * when the set is empty. Two passes of lower envelopes of parabolas: P. Felzenszwalb, D. Huttenlocher, "Distance
 * Transforms of Sampled Functions", Theory of Computing 8 (2012).
 */
export function distanceTo(isInSet: (index: number) => boolean, width: number, height: number): Float32Array {
  const squared = new Float32Array(width * height);
  for (let i = 0; i < squared.length; i++) squared[i] = isInSet(i) ? 0 : FAR;
  const scratch = new Scratch(Math.max(width, height));
  for (let x = 0; x < width; x++) scratch.transform(squared, x, width, height);
  for (let y = 0; y < height; y++) scratch.transform(squared, y * width, 1, width);
  for (let i = 0; i < squared.length; i++) {
    squared[i] = squared[i]! >= FAR ? Number.POSITIVE_INFINITY : Math.sqrt(squared[i]!);
  }
  return squared;
}

class Scratch {
  private readonly line: Float64Array;
  /** Places of the parabolas that make up the envelope, and where each takes over. */
  private readonly apex: Int32Array;
  private readonly border: Float64Array;

  constructor(length: number) {
    this.line = new Float64Array(length);
    this.apex = new Int32Array(length);
    this.border = new Float64Array(length + 1);
  }

  /** One row or column of squared distances, in place. */
  transform(values: Float32Array, start: number, stride: number, length: number): void {
    const { line, apex, border } = this;
    for (let i = 0; i < length; i++) line[i] = values[start + i * stride]!;
    let top = 0;
    apex[0] = 0;
    border[0] = Number.NEGATIVE_INFINITY;
    border[1] = Number.POSITIVE_INFINITY;
    for (let q = 1; q < length; q++) {
      let meet = this.meeting(q, apex[top]!);
      while (meet <= border[top]!) meet = this.meeting(q, apex[--top]!);
      apex[++top] = q;
      border[top] = meet;
      border[top + 1] = Number.POSITIVE_INFINITY;
    }
    for (let q = 0, at = 0; q < length; q++) {
      while (border[at + 1]! < q) at++;
      const distance = q - apex[at]!;
      values[start + q * stride] = Math.min(FAR, distance * distance + line[apex[at]!]!);
    }
  }

  /** Where the parabola over q falls below the one over p, p < q. */
  private meeting(q: number, p: number): number {
    return (this.line[q]! + q * q - (this.line[p]! + p * p)) / (2 * q - 2 * p);
  }
}
